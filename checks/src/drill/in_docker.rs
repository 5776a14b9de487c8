//! The stage in Docker: the learner's own containers, and beside them Prometheus and one Alertmanager for each hour.

use std::fmt::Write;

use anyhow::{bail, ensure};

use super::{
    files::{self, Folder},
    native::RESEND,
};
use crate::{
    compose::{APP, Project, Ran},
    program::free_address,
    prometheus::Prometheus,
};

/// The names of the images, as compose.yaml has them.
pub const PROMETHEUS: &str = "prom/prometheus:v3.5.0";
pub const ALERTMANAGER: &str = "prom/alertmanager:v0.28.1";

const DATABASE: &str = "db";

/// The name of Prometheus on stage. Grafana looks for it under that of compose.yaml, which it has as well.
const SERVER: &str = "drill-prometheus";

/// Where a container finds the folder of files.
const FILES: &str = "/drill";

pub struct InDocker {
    project: Project,
    pub prometheus: Prometheus,
}

impl InDocker {
    /// Builds the image and starts the service and its database.
    pub fn start(
        root: &std::path::Path,
        package: &str,
        folder: &Folder,
        hours: &[&str],
    ) -> anyhow::Result<InDocker> {
        let address = free_address()?;
        let overlay = overlay(folder, address.port(), hours);
        let project = Project::new(root, package, &overlay)?;
        finished("build", &project.build()?)?;
        finished("create", &project.create()?)?;
        finished("up", &project.up()?)?;
        Ok(InDocker {
            project,
            prometheus: Prometheus {
                url: format!("http://{address}"),
            },
        })
    }

    /// Starts those who watch. Their files must be in `folder` by now.
    pub fn watch(&self, folder: &Folder, hours: &[&str]) -> anyhow::Result<()> {
        let names: Vec<String> = hours.iter().map(|hour| format!("drill-{hour}")).collect();
        let addresses: Vec<String> = names.iter().map(|name| format!("{name}:9093")).collect();
        folder.write("prometheus.yml", &files::prometheus("app:8000", &addresses))?;
        for name in names.iter().map(String::as_str).chain([SERVER]) {
            self.project.start(name)?;
        }
        Ok(())
    }

    /// The address of this machine on the network of the containers.
    pub fn gateway(&self) -> anyhow::Result<String> {
        self.project.gateway()
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.project.port())
    }

    pub fn pause_database(&self, pause: bool) -> anyhow::Result<()> {
        match pause {
            true => self.project.pause(DATABASE),
            false => self.project.unpause(DATABASE),
        }
    }

    pub fn kill(&self) -> anyhow::Result<()> {
        self.project.kill(APP)
    }

    pub fn restart(&self) -> anyhow::Result<()> {
        self.project.start(APP)
    }
}

/// What is laid over compose.yaml.
fn overlay(folder: &Folder, port: u16, hours: &[&str]) -> String {
    let files = folder.path().display();
    let mut overlay = format!(
        "services:
  app:
    image: {{image}}
    environment:
      DRILL: '1'
  {SERVER}:
    image: {PROMETHEUS}
    profiles: [drill]
    command: [--config.file={FILES}/prometheus.yml, --storage.tsdb.path=/prometheus, {RESEND}]
    volumes: ['{files}:{FILES}:ro']
    ports: ['127.0.0.1:{port}:9090']
    networks:
      default:
        aliases: [prometheus]
"
    );
    for hour in hours {
        let _ = write!(
            overlay,
            "  drill-{hour}:
    image: {ALERTMANAGER}
    profiles: [drill]
    command: [--config.file={FILES}/{hour}.yml, --storage.path=/alertmanager, --cluster.listen-address=]
    volumes: ['{files}:{FILES}:ro']
    extra_hosts: ['host.docker.internal:host-gateway']
"
        );
    }
    overlay
}

fn finished(what: &str, ran: &Ran) -> anyhow::Result<()> {
    if let Some(limit) = ran.overran {
        bail!("docker compose {what} was not through after {limit:?}");
    }
    ensure!(ran.ok, "docker compose {what}: {}", ran.said.trim_end());
    Ok(())
}
