//! A program in a container of its image. Files go into the container by `docker cp`: not every engine sees this machine's folders.

use std::{
    net::SocketAddr,
    path::Path,
    process::{self, Command, Output},
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use anyhow::{Context, ensure};

use crate::{compose::run_while_ending, ending::Ending, tool};

/// How long Docker may take for making or removing a container, on a machine that is busy.
const LIMIT: Duration = Duration::from_secs(60);

/// An image of one of those who watch, and what it takes to start it.
pub struct Image {
    pub name: &'static str,
    /// Where it looks for its configuration.
    pub folder: &'static str,
    /// The port that it listens on inside, where it has a network of its own.
    pub port: u16,
}

/// The images that `compose.yaml` names, too.
pub const PROMETHEUS: Image = Image {
    name: "prom/prometheus:v3.5.0",
    folder: "/etc/prometheus",
    port: 9090,
};
pub const ALERTMANAGER: Image = Image {
    name: "prom/alertmanager:v0.28.1",
    folder: "/etc/alertmanager",
    port: 9093,
};

pub const GRAFANA: Image = Image {
    name: "grafana/grafana:13.1.3",
    folder: "/etc/grafana",
    port: 3000,
};

/// A container, whether it is there already or not.
pub struct Container {
    name: String,
}

impl Container {
    /// Makes one that will listen at `address`, with the files in `folder`, and is started with these arguments: the command that
    /// starts it and goes on for as long as it runs, and its end.
    ///
    /// # Errors
    /// When Docker cannot.
    pub fn create(
        image: &Image,
        folder: &Path,
        arguments: &[String],
        address: SocketAddr,
    ) -> anyhow::Result<(Command, Ending)> {
        let (mut create, container) = named();
        create.args(["--cap-drop=ALL", "--security-opt=no-new-privileges:true"]);
        let listen = if cfg!(target_os = "linux") {
            // As a neighbour on loopback, which is where our sinks listen.
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
    ) -> anyhow::Result<(Command, Ending)> {
        Ending::of(|| {
            if let Err(error) = docker(create).and_then(|()| self.fill(image, folder)) {
                self.remove();
                return Err(error);
            }
            let mut start = Command::new("docker");
            start.args(["start", "--attach", &self.name]);
            let end: Box<dyn FnOnce() + Send> = Box::new(move || self.remove());
            Ok((start, end))
        })
    }

    fn fill(&self, image: &Image, folder: &Path) -> anyhow::Result<()> {
        let mut copy = Command::new("docker");
        copy.arg("cp")
            .arg(folder.join("."))
            .arg(format!("{}:{}", self.name, image.folder));
        docker(copy)
    }

    /// Away with it, running or not, and with its volume.
    fn remove(&self) {
        let mut command = Command::new("docker");
        command.args(["rm", "--force", "--volumes", &self.name]);
        // Whatever leads here has something else to tell.
        let _ = run_while_ending(command, LIMIT, "tidying up");
    }
}

/// Runs another program of the image to its end, with these arguments, among the files of `folder`.
///
/// # Errors
/// When it cannot be run.
pub fn run(
    image: &Image,
    program: &str,
    arguments: &[&str],
    folder: &Path,
) -> anyhow::Result<Output> {
    let (mut create, container) = named();
    create
        .args(["--network=none", "--workdir", image.folder])
        .args(["--entrypoint", program, image.name])
        .args(arguments);
    let (start, _ending) = container.make(image, create, folder)?;
    Ok(tool::run(start, LIMIT)?)
}

/// The beginning of a `docker create`, and what it will have made.
fn named() -> (Command, Container) {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("workshop-watching-{}-{number}", process::id());
    let mut create = Command::new("docker");
    create.args(["create", "--pull=never", "--name", &name]);
    (create, Container { name })
}

/// Runs what has to work. Not [`tool::run`], because nothing else may be started while something is being started.
fn docker(command: Command) -> anyhow::Result<()> {
    let asked = format!("{command:?}");
    let ran = run_while_ending(command, LIMIT, "starting those who watch")
        .context("docker cannot be run")?;
    ensure!(ran.ok, "{asked}: {}", ran.said.trim_end());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{ALERTMANAGER, GRAFANA, PROMETHEUS};

    #[test]
    fn compose_yaml_names_the_same_images() {
        let compose = include_str!("../../../compose.yaml");
        for image in [PROMETHEUS, ALERTMANAGER, GRAFANA] {
            let line = format!("image: {}\n", image.name);
            assert!(compose.contains(&line), "{line}");
        }
    }
}
