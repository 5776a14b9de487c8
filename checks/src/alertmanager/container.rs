//! The same from the image. Files go into the container by `docker cp`: not every engine sees this machine's folders.

use std::{
    net::SocketAddr,
    path::Path,
    process::{self, Command, Output},
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use anyhow::{Context, ensure};

use super::IMAGE;
use crate::{compose::run_while_ending, ending::Ending, tool};

/// How long Docker may take for making or removing a container, on a machine that is busy.
const LIMIT: Duration = Duration::from_secs(60);

/// Where the image looks for its configuration.
const FOLDER: &str = "/etc/alertmanager";

/// The port that it listens on inside, where it has a network of its own.
const PORT: u16 = 9093;

/// A container, whether it is there already or not.
pub struct Container {
    name: String,
}

impl Container {
    /// Makes one that will listen at `address`, with the files in `folder`: the command that starts it and goes on for as long
    /// as it runs, and its end.
    pub fn create(
        folder: &Path,
        flags: &[String],
        address: SocketAddr,
    ) -> anyhow::Result<(Command, Ending)> {
        let (mut create, container) = named();
        create.args(["--cap-drop=ALL", "--security-opt=no-new-privileges:true"]);
        let listen = if cfg!(target_os = "linux") {
            // As a neighbour on loopback, which is where our sinks listen.
            create.arg("--network=host");
            address.to_string()
        } else {
            create.arg(format!("--publish={address}:{PORT}"));
            format!(":{PORT}")
        };
        create
            .args([IMAGE, &format!("--config.file={FOLDER}/alertmanager.yml")])
            .arg(format!("--web.listen-address={listen}"))
            .args(flags);
        container.make(create, folder)
    }

    fn make(self, create: Command, folder: &Path) -> anyhow::Result<(Command, Ending)> {
        Ending::of(|| {
            if let Err(error) = docker(create).and_then(|()| self.fill(folder)) {
                self.remove();
                return Err(error);
            }
            let mut start = Command::new("docker");
            start.args(["start", "--attach", &self.name]);
            let end: Box<dyn FnOnce() + Send> = Box::new(move || self.remove());
            Ok((start, end))
        })
    }

    fn fill(&self, folder: &Path) -> anyhow::Result<()> {
        let mut copy = Command::new("docker");
        copy.arg("cp")
            .arg(folder.join("."))
            .arg(format!("{}:{FOLDER}", self.name));
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

/// `amtool check-config` on the file in `folder`.
pub fn check_config(folder: &Path) -> anyhow::Result<Output> {
    let (mut create, container) = named();
    create
        .args(["--network=none", "--entrypoint=amtool", IMAGE])
        .args(["check-config", &format!("{FOLDER}/alertmanager.yml")]);
    let (start, _ending) = container.make(create, folder)?;
    Ok(tool::run(start, LIMIT)?)
}

/// The beginning of a `docker create`, and what it will have made.
fn named() -> (Command, Container) {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("workshop-alertmanager-{}-{number}", process::id());
    let mut create = Command::new("docker");
    create.args(["create", "--pull=never", "--name", &name]);
    (create, Container { name })
}

/// Runs what has to work. Not [`tool::run`], because nothing else may be started while something is being started.
fn docker(command: Command) -> anyhow::Result<()> {
    let asked = format!("{command:?}");
    let ran = run_while_ending(command, LIMIT, "starting Alertmanager")
        .context("docker cannot be run")?;
    ensure!(ran.ok, "{asked}: {}", ran.said.trim_end());
    Ok(())
}
