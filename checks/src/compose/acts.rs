//! What is done with a project.

use std::{process::Command, time::Duration};

use super::{ANSWER_LIMIT, APP, Project, Ran, command};

/// How long images may take to be pulled and built. The first build of a release profile takes minutes on a small machine.
const BUILD_LIMIT: Duration = Duration::from_secs(30 * 60);

/// How long `up --wait` may take. The database, from nothing, takes 5 s; the program a second.
pub const UP_LIMIT: Duration = Duration::from_secs(90);

impl Project {
    /// Whether the files can be read, together.
    pub fn config(&self) -> anyhow::Result<Ran> {
        command::run(self.compose(&["config", "--quiet"]), ANSWER_LIMIT, None)
    }

    /// Builds the program's image, and shows on a terminal that it goes on.
    pub fn build(&self) -> anyhow::Result<Ran> {
        command::run(
            self.compose(&["build", APP]),
            BUILD_LIMIT,
            Some("building the image"),
        )
    }

    /// Pulls what is missing, and makes the containers without starting them.
    pub fn create(&self) -> anyhow::Result<Ran> {
        command::run(
            self.compose(&["create", "--no-build"]),
            BUILD_LIMIT,
            Some("making the containers"),
        )
    }

    /// Starts everything and waits until it is healthy, or never will be.
    pub fn up(&self) -> anyhow::Result<Ran> {
        command::run(
            self.compose(&["up", "--no-build", "--wait"]),
            UP_LIMIT,
            Some("waiting until it is healthy"),
        )
    }

    /// Starts one service, and nothing beside it, and waits for nothing.
    pub fn start(&self, service: &str) -> anyhow::Result<()> {
        let arguments = ["up", "--detach", "--no-build", "--no-deps", service];
        self.ask(self.compose(&arguments)).map(drop)
    }

    /// Kills a service, as a crash would.
    pub fn kill(&self, service: &str) -> anyhow::Result<()> {
        self.ask(self.compose(&["kill", service])).map(drop)
    }

    /// Stops all that a service does, without ending it: open connections stay open, and nobody answers on them.
    pub fn pause(&self, service: &str) -> anyhow::Result<()> {
        self.ask(self.compose(&["pause", service])).map(drop)
    }

    /// Lets it go on.
    pub fn unpause(&self, service: &str) -> anyhow::Result<()> {
        self.ask(self.compose(&["unpause", service])).map(drop)
    }

    /// `docker …`, about the program's container, of which Docker is to be done within `limit`.
    pub fn docker(&self, arguments: &[&str], limit: Duration) -> anyhow::Result<Ran> {
        let mut command = Command::new("docker");
        command.args(arguments);
        command::run(command, limit, None)
    }

    /// Sends the first process of the program's container a signal. It has arrived when this returns.
    pub fn signal(&self, name: &str) -> anyhow::Result<()> {
        let mut command = Command::new("docker");
        command.args(["kill", "--signal", name, &self.container_name(APP)]);
        self.ask(command).map(drop)
    }
}
