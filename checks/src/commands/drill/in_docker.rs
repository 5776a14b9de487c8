//! The service in Docker: the learner's own container and PostgreSQL, as a project of their own.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
};

use anyhow::{bail, ensure};

use crate::{
    subject::Target,
    tools::{
        compose::{APP, Project, Ran},
        container::GRAFANA,
        source::Source,
    },
};

const DATABASE: &str = "db";

/// Overlay for compose.yaml.
const OVERLAY: &str = "
services:
  app:
    image: {image}
    environment:
      DRILL: '1'
";

pub struct InDocker {
    project: Project,
}

impl InDocker {
    /// Builds the image and starts the service and its database, until both are healthy.
    ///
    /// # Errors
    /// When Docker cannot, with what it said.
    pub fn start(root: &Path, target: Target) -> anyhow::Result<InDocker> {
        let project = Project::new(root, target.package(), target.dockerfile(), OVERLAY)?;
        finished("build", &project.build()?)?;
        finished("create", &project.create()?)?;
        finished("up", &project.up()?)?;
        Ok(InDocker { project })
    }

    /// The published address.
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.project.port()).into()
    }

    /// Starts Grafana, with a Prometheus of its own, where its image is here already: then there is something to look at.
    ///
    /// # Errors
    /// When Docker cannot.
    pub fn show(&self) -> anyhow::Result<Option<String>> {
        if Source::image("the Grafana", &GRAFANA).is_err() {
            return Ok(None);
        }
        self.project.start("prometheus")?;
        self.project.start("grafana")?;
        let port = self.project.grafana_port();
        Ok(Some(format!("http://localhost:{port}/d/service")))
    }

    pub fn pause_database(&self, pause: bool) -> anyhow::Result<()> {
        if pause {
            self.project.pause(DATABASE)
        } else {
            self.project.unpause(DATABASE)
        }
    }

    pub fn kill(&self) -> anyhow::Result<()> {
        self.project.kill(APP)
    }

    pub fn restart(&self) -> anyhow::Result<()> {
        self.project.start(APP)
    }
}

fn finished(what: &str, ran: &Ran) -> anyhow::Result<()> {
    if let Some(limit) = ran.overran {
        bail!("docker compose {what} was not through after {limit:?}");
    }
    ensure!(ran.ok, "docker compose {what}: {}", ran.said.trim_end());
    Ok(())
}
