//! A program in a container of its image. Files are copied in with `docker cp`: not every engine can mount folders of this
//! machine.

use std::{
    net::SocketAddr,
    path::Path,
    process::{self, Command, Output},
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use anyhow::{Context, ensure};

use crate::{
    harness::{cleanup::CleanupGuard, random::random_word, run},
    tools::compose::run_during_cleanup,
};

/// The time limit for creating or removing a container, on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

/// The image of a monitoring server, and what starting it takes.
pub struct Image {
    pub name: &'static str,
    /// The folder of its configuration.
    pub folder: &'static str,
    /// The port that it listens on in a network of its own.
    pub port: u16,
}

/// The same images as in `compose.yaml` and the lessons: a test compares them.
pub const PROMETHEUS: Image = Image {
    name: "prom/prometheus:v3.13.4",
    folder: "/etc/prometheus",
    port: 9090,
};
pub const ALERTMANAGER: Image = Image {
    name: "prom/alertmanager:v0.34.1",
    folder: "/etc/alertmanager",
    port: 9093,
};

pub const GRAFANA: Image = Image {
    name: "grafana/grafana:13.1.3",
    folder: "/etc/grafana",
    port: 3000,
};

/// A container, whether it exists yet or not.
pub struct Container {
    name: String,
}

impl Container {
    /// Creates a container that will listen at `address`, with the files in `folder` and these arguments. Returns the command
    /// that starts it, which runs as long as the container does, and the guard that removes it.
    ///
    /// # Errors
    /// When Docker cannot create it.
    pub fn create(
        image: &Image,
        folder: &Path,
        arguments: &[String],
        address: SocketAddr,
    ) -> anyhow::Result<(Command, CleanupGuard)> {
        let (mut create, container) = named();
        create.args(["--cap-drop=ALL", "--security-opt=no-new-privileges:true"]);
        let listen = if cfg!(target_os = "linux") {
            // On the host's network, because our sinks listen on its loopback.
            create.arg("--network=host");
            address.to_string()
        } else {
            create.arg(format!("--publish={address}:{}", image.port));
            format!(":{}", image.port)
        };
        create
            .arg(image.name)
            .arg(format!("--web.listen-address={listen}"))
            .args(arguments);
        container.make(image, create, folder)
    }

    fn make(
        self,
        image: &Image,
        create: Command,
        folder: &Path,
    ) -> anyhow::Result<(Command, CleanupGuard)> {
        CleanupGuard::of(|| {
            if let Err(error) = docker(create).and_then(|()| self.fill(image, folder)) {
                self.remove();
                return Err(error);
            }
            let mut start = Command::new("docker");
            start.args(["start", "--attach", &self.name]);
            Ok((start, move || self.remove()))
        })
    }

    fn fill(&self, image: &Image, folder: &Path) -> anyhow::Result<()> {
        let mut copy = Command::new("docker");
        copy.arg("cp")
            .arg(folder.join("."))
            .arg(format!("{}:{}", self.name, image.folder));
        docker(copy)
    }

    /// Removes the container, running or not, with its volume.
    fn remove(&self) {
        let mut command = Command::new("docker");
        command.args(["rm", "--force", "--volumes", &self.name]);
        // An error is ignored: the container may not exist, and whatever leads here has an error of its own to report.
        let _ = run_during_cleanup(command, LIMIT, "tidying up");
    }
}

/// Runs another program of the image to its end, with these arguments and this variable of the environment, among the files of
/// `folder`.
///
/// # Errors
/// When it cannot be run, or has not come to its end within `limit`.
pub fn run(
    image: &Image,
    (program, arguments): (&str, &[&str]),
    (name, value): (&str, &str),
    folder: &Path,
    limit: Duration,
) -> anyhow::Result<Output> {
    let (mut create, container) = named();
    // What it keeps for a moment, such as promtool's databases, is not worth a disk.
    create
        .args(["--network=none", "--tmpfs=/tmp", "--env"])
        .arg(format!("{name}={value}"))
        .args(["--workdir", image.folder])
        .args(["--entrypoint", program, image.name])
        .args(arguments);
    let (start, _guard) = container.make(image, create, folder)?;
    Ok(run::run(start, limit)?)
}

/// The beginning of a `docker create` command, and the container that it will create.
fn named() -> (Command, Container) {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("workshop-monitoring-{}-{number}", process::id());
    let mut create = Command::new("docker");
    create.args(["create", "--pull=never", "--name", &name]);
    (create, Container { name })
}

/// Runs a command that must succeed. Not with [`run::run`], because nothing else may be started while a guarded start is under
/// way.
fn docker(command: Command) -> anyhow::Result<()> {
    let asked = format!("{command:?}");
    let ran = run_during_cleanup(command, LIMIT, "starting the monitoring")
        .context("docker cannot be run")?;
    ensure!(ran.ok, "{asked}: {}", ran.said.trim_end());
    Ok(())
}

/// A name for a container that is about to be created, and the guard that removes the container of that name.
pub fn name() -> anyhow::Result<(String, CleanupGuard)> {
    let name = format!("workshop-{}", random_word());
    let container = Container { name: name.clone() };
    CleanupGuard::of(|| anyhow::Ok((name, move || container.remove())))
}
