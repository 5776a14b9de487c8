//! What is asked about a project.

use std::process::Command;

use anyhow::Context;
use serde::{Deserialize, de::DeserializeOwned};

use super::{ANSWER_LIMIT, Config, Container, Project, Row, command, ps};

impl Project {
    /// What `docker compose ps` says about every container, those that have ended too.
    pub fn ps(&self) -> anyhow::Result<Vec<Row>> {
        let output = self.ask(self.compose(&["ps", "--all", "--format", "json"]))?;
        ps::read(&output).context("docker compose ps says something else than expected")
    }

    /// The last lines that a service has written, to stdout and to stderr.
    pub fn log(&self, service: &str, lines: usize) -> anyhow::Result<String> {
        let lines = lines.to_string();
        let mut command = Command::new("docker");
        // Not by Compose, which draws while it prints them.
        command.args(["logs", "--tail", &lines, &self.container_name(service)]);
        let ran = command::run(command, ANSWER_LIMIT, None)?;
        Ok(ran.said)
    }

    /// What Docker knows about the container of a service.
    pub fn container(&self, service: &str) -> anyhow::Result<Container> {
        self.inspect(&["container", "inspect", &self.container_name(service)])
    }

    /// What Docker knows about the image.
    pub fn image_config(&self) -> anyhow::Result<Config> {
        #[derive(Deserialize)]
        struct Image {
            #[serde(rename = "Config")]
            config: Config,
        }
        let image: Image = self.inspect(&["image", "inspect", &self.name])?;
        Ok(image.config)
    }

    /// The name of the image that the database runs from.
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

    /// The address of this machine on the network of the containers.
    pub fn gateway(&self) -> anyhow::Result<String> {
        let mut command = Command::new("docker");
        let network = format!("{}_default", self.name);
        let format = "{{(index .IPAM.Config 0).Gateway}}";
        command.args(["network", "inspect", &network, "--format", format]);
        Ok(self.ask(command)?.trim().to_owned())
    }

    fn inspect<T: DeserializeOwned>(&self, arguments: &[&str]) -> anyhow::Result<T> {
        let mut command = Command::new("docker");
        command.args(arguments).args(["--format", "{{json .}}"]);
        let output = self.ask(command)?;
        serde_json::from_str(&output)
            .with_context(|| format!("docker {} says {output:?}", arguments.join(" ")))
    }
}
