//! A Compose project of our own: the learner's `compose.yaml`, under another name, on another port, and removed afterwards.

mod command;
mod control;
mod inspect;
mod progress;
pub mod ps;
mod queries;
mod removal;

pub use command::Ran;
pub(crate) use command::{run, run_during_cleanup};
pub use control::UP_LIMIT;
pub use inspect::{Config, Container, Health, Healthcheck, Probe};
pub use ps::Row;

use std::{
    path::{Path, PathBuf},
    process::{self, Command},
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use anyhow::ensure;

use crate::harness::{cleanup::CleanupGuard, ports::free_address, scratch::folder_of};

/// The time limit for quick Docker commands, on a busy machine.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);

/// The file name of the overlay over the learner's file.
const OVERLAY: &str = "overlay.yaml";

/// The service that is checked.
pub const APP: &str = "app";

/// A Compose project. It is removed, with its containers, networks, volumes and images, when this value is dropped.
pub struct Project {
    name: String,
    root: PathBuf,
    /// Our overlay over the learner's file.
    overlay: PathBuf,
    /// The variables that the learner's file reads, and those that must not come from the learner's shell or `.env`.
    variables: Vec<(&'static str, String)>,
    port: u16,
    /// The port at which Grafana is published, if it is started.
    grafana_port: u16,
    /// The project is removed first, then the folder with the overlay.
    _guards: [CleanupGuard; 2],
}

impl Project {
    /// Creates a project for the workspace at `root`, with a free port; nothing is started yet. `overlay` is applied over the
    /// learner's file; `{image}` in it is replaced with the name of this project's image.
    ///
    /// # Errors
    /// When no port or no temporary folder can be had.
    pub fn new(
        root: &Path,
        package: &str,
        dockerfile: &str,
        overlay: &str,
    ) -> anyhow::Result<Project> {
        static NEXT: AtomicU16 = AtomicU16::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("workshop-check-{}-{number}", process::id());
        let port = free_address()?.port();
        let grafana_port = free_address()?.port();
        let overlay = overlay.replace("{image}", &name);
        let (folder, folder_guard) = folder_of(&[(OVERLAY, &overlay)])?;
        let variables = vec![
            ("PACKAGE", package.to_owned()),
            ("DOCKERFILE", dockerfile.to_owned()),
            ("PORT", port.to_string()),
            ("IMAGE", name.clone()),
            ("RUST_LOG", String::new()),
            ("DRILL", String::new()),
            ("SCRAPE_INTERVAL", "1s".to_owned()),
            ("PROMETHEUS_PORT", free_address()?.port().to_string()),
            ("ALERTMANAGER_PORT", free_address()?.port().to_string()),
            ("GRAFANA_PORT", grafana_port.to_string()),
            ("COMPOSE_PROFILES", String::new()),
            // Characters outside ASCII are not shown correctly in every terminal encoding.
            ("COMPOSE_ANSI", "never".to_owned()),
        ];
        let made = name.clone();
        let ((), project_guard) =
            CleanupGuard::of(|| anyhow::Ok(((), move || removal::remove(&made))))?;
        Ok(Project {
            name,
            root: root.to_owned(),
            overlay: folder.join(OVERLAY),
            variables,
            port,
            grafana_port,
            _guards: [project_guard, folder_guard],
        })
    }

    /// The port of this machine at which the program is published.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The port of this machine at which Grafana is published, once it is started.
    pub fn grafana_port(&self) -> u16 {
        self.grafana_port
    }

    /// The name of the image that is built.
    pub fn image(&self) -> &str {
        &self.name
    }

    /// `text` with our container names shortened to the names of their services.
    pub fn without_name(&self, text: &str) -> String {
        text.replace(&format!("{}-", self.name), "")
            .replace(&self.name, "workshop")
    }

    /// `workshop-check-123-0-app-1`
    pub fn container_name(&self, service: &str) -> String {
        format!("{}-{service}-1", self.name)
    }

    fn compose(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("docker");
        command
            .current_dir(&self.root)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .args(["compose", "--project-name", &self.name])
            .args(["--project-directory", ".", "--file", "compose.yaml"])
            .arg("--file")
            .arg(&self.overlay)
            .args(arguments);
        command
    }

    fn ask(&self, command: Command) -> anyhow::Result<String> {
        let asked = format!("{command:?}");
        let ran = command::run(command, ANSWER_LIMIT, None)?;
        ensure!(ran.ok, "{asked}: {}", ran.said.trim_end());
        Ok(ran.stdout)
    }
}
