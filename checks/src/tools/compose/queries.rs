//! Commands that inspect a project.

use std::process::Command;

use anyhow::Context;
use serde::{Deserialize, de::DeserializeOwned};

use super::{ANSWER_LIMIT, Config, Container, Project, Row, command, ps};

impl Project {
    /// The output of `docker compose ps` for every container, including those that have exited.
    pub fn ps(&self) -> anyhow::Result<Vec<Row>> {
        let output = self.ask(self.compose(&["ps", "--all", "--format", "json"]))?;
        ps::read(&output).context("docker compose ps says something else than expected")
    }

    /// The last lines of a service's output, stdout and stderr.
    pub fn log(&self, service: &str, lines: usize) -> anyhow::Result<String> {
        let lines = lines.to_string();
        let mut command = Command::new("docker");
        // Not with Compose, which draws on the terminal while it prints them.
        command.args(["logs", "--tail", &lines, &self.container_name(service)]);
        let ran = command::run(command, ANSWER_LIMIT, None)?;
        Ok(ran.said)
    }

    /// `docker inspect` of a service's container.
    pub fn container(&self, service: &str) -> anyhow::Result<Container> {
        self.inspect(&["container", "inspect", &self.container_name(service)])
    }

    /// `docker inspect` of the image.
    pub fn image_config(&self) -> anyhow::Result<Config> {
        #[derive(Deserialize)]
        struct Image {
            #[serde(rename = "Config")]
            config: Config,
        }
        let image: Image = self.inspect(&["image", "inspect", &self.name])?;
        Ok(image.config)
    }

    /// The name of the database's image.
    pub fn database_image(&self) -> anyhow::Result<String> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Config {
            image: String,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Container {
            config: Config,
        }
        let name = self.container_name("db");
        let container: Container = self.inspect(&["container", "inspect", &name])?;
        Ok(container.config.image)
    }

    fn inspect<T: DeserializeOwned>(&self, arguments: &[&str]) -> anyhow::Result<T> {
        let mut command = Command::new("docker");
        command.args(arguments).args(["--format", "{{json .}}"]);
        let output = self.ask(command)?;
        serde_json::from_str(&output)
            .with_context(|| format!("docker {} says {output:?}", arguments.join(" ")))
    }
}
