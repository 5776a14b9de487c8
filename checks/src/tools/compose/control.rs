//! Commands that change a project.

use std::{process::Command, time::Duration};

use super::{ANSWER_LIMIT, APP, Project, Ran, command};

/// The time limit for pulling and building images. The first build of a release profile takes minutes on a small machine.
const BUILD_LIMIT: Duration = Duration::from_secs(30 * 60);

/// The time limit for `up --wait`. A new database takes 5 s, the program 1 s.
pub const UP_LIMIT: Duration = Duration::from_secs(90);

impl Project {
    /// Runs `docker compose config`: whether the combined files are valid.
    pub fn config(&self) -> anyhow::Result<Ran> {
        command::run(self.compose(&["config", "--quiet"]), ANSWER_LIMIT, None)
    }

    /// Builds the program's image, and shows the progress on a terminal.
    pub fn build(&self) -> anyhow::Result<Ran> {
        command::run(
            self.compose(&["build", APP]),
            BUILD_LIMIT,
            Some("building the image"),
        )
    }

    /// Pulls missing images, and creates the containers without starting them.
    pub fn create(&self) -> anyhow::Result<Ran> {
        command::run(
            self.compose(&["create", "--no-build"]),
            BUILD_LIMIT,
            Some("making the containers"),
        )
    }

    /// Starts everything and waits until it is healthy, or cannot become healthy any more.
    pub fn up(&self) -> anyhow::Result<Ran> {
        command::run(
            self.compose(&["up", "--no-build", "--wait"]),
            UP_LIMIT,
            Some("waiting until it is healthy"),
        )
    }

    /// Starts one service without the others, and does not wait for it.
    pub fn start(&self, service: &str) -> anyhow::Result<()> {
        let arguments = ["up", "--detach", "--no-build", "--no-deps", service];
        self.ask(self.compose(&arguments)).map(drop)
    }

    /// Kills a service, as a crash would.
    pub fn kill(&self, service: &str) -> anyhow::Result<()> {
        self.ask(self.compose(&["kill", service])).map(drop)
    }

    /// Freezes a service without ending it: open connections stay open, and no data is answered on them.
    pub fn pause(&self, service: &str) -> anyhow::Result<()> {
        self.ask(self.compose(&["pause", service])).map(drop)
    }

    /// Resumes a paused service.
    pub fn unpause(&self, service: &str) -> anyhow::Result<()> {
        self.ask(self.compose(&["unpause", service])).map(drop)
    }

    /// Runs `docker …` on the program's container; Docker must finish within `limit`.
    pub fn docker(&self, arguments: &[&str], limit: Duration) -> anyhow::Result<Ran> {
        let mut command = Command::new("docker");
        command.args(arguments);
        command::run(command, limit, None)
    }

    /// Sends a signal to the first process of the program's container. The signal has been delivered when this returns.
    pub fn signal(&self, name: &str) -> anyhow::Result<()> {
        let mut command = Command::new("docker");
        command.args(["kill", "--signal", name, &self.container_name(APP)]);
        self.ask(command).map(drop)
    }
}
