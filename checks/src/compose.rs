//! A Compose project of our own: the learner's `compose.yaml`, under another name, on another port, and gone afterwards.

mod acts;
mod command;
mod inspect;
mod looks;
mod progress;
mod ps;
mod removal;

pub use acts::UP_LIMIT;
pub use command::Ran;
pub(crate) use command::run_while_ending;
pub use inspect::{Config, Container, Health, Healthcheck, Probe};
pub use ps::Row;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{self, Command},
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use anyhow::{Context, ensure};

use crate::{
    ending::Ending,
    program::{empty_folder, free_address},
};

/// How long Docker may take over what it does at once, on a machine that is busy.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);

/// The service that is checked.
pub const APP: &str = "app";

/// A Compose project. Ends, with its containers, networks, volumes and images, with this value.
pub struct Project {
    name: String,
    root: PathBuf,
    /// The file that we lay over the learner's.
    overlay: PathBuf,
    /// What the learner's file asks the environment for, and what no shell or `.env` of theirs may say.
    variables: Vec<(&'static str, String)>,
    port: u16,
    /// Where Grafana is published, if somebody starts it.
    grafana_port: u16,
    _ending: Ending,
}

/// The Dockerfile that a package's image is built by: the learner's, or the finished one.
pub fn dockerfile(package: &str) -> &'static str {
    match package {
        "solutions" => "solutions/Dockerfile",
        _ => "Dockerfile",
    }
}

impl Project {
    /// A project for the workspace at `root`, with a port that is free; nothing is started yet. `overlay` is laid over the
    /// learner's file; the `{image}` in it becomes the name of this project's image.
    ///
    /// # Errors
    /// When no port or no temporary folder can be had.
    pub fn new(root: &Path, package: &str, overlay: &str) -> anyhow::Result<Project> {
        static NEXT: AtomicU16 = AtomicU16::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("workshop-check-{}-{number}", process::id());
        let port = free_address()?.port();
        let grafana_port = free_address()?.port();
        let folder = empty_folder()?;
        let file = folder.join("overlay.yaml");
        fs::write(&file, overlay.replace("{image}", &name))
            .with_context(|| format!("cannot write {}", file.display()))?;
        let variables = vec![
            ("PACKAGE", package.to_owned()),
            ("DOCKERFILE", dockerfile(package).to_owned()),
            ("PORT", port.to_string()),
            ("IMAGE", name.clone()),
            ("RUST_LOG", String::new()),
            ("DRILL", String::new()),
            ("SCRAPE_INTERVAL", "1s".to_owned()),
            ("PROMETHEUS_PORT", free_address()?.port().to_string()),
            ("ALERTMANAGER_PORT", free_address()?.port().to_string()),
            ("GRAFANA_PORT", grafana_port.to_string()),
            ("COMPOSE_PROFILES", String::new()),
            // Other letters than plain ones do not come through every terminal's encoding.
            ("COMPOSE_ANSI", "never".to_owned()),
        ];
        let ((), ending) = Ending::of(|| {
            let name = name.clone();
            let end: Box<dyn FnOnce() + Send> = Box::new(move || {
                removal::remove(&name);
                // It never held anything but the file above.
                let _ = fs::remove_dir_all(folder);
            });
            anyhow::Ok(((), end))
        })?;
        Ok(Project {
            name,
            root: root.to_owned(),
            overlay: file,
            variables,
            port,
            grafana_port,
            _ending: ending,
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

    /// `text` with the names of our containers as short as their services'.
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
