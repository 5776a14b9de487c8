//! Runs `docker` with a time limit, and reads every line as it arrives.

use std::{process::Command, time::Duration};

use anyhow::Context;

use super::progress::Progress;
use crate::harness::{
    process::{self, Child},
    run,
};

/// How a command ended, and its output.
#[derive(Debug, Default)]
pub struct Ran {
    pub ok: bool,
    /// The exit code; none if it was killed.
    pub code: Option<i32>,
    pub stdout: String,
    /// Stdout and stderr, line by line in the order of arrival.
    pub said: String,
    /// Set if the command was killed because it took longer than this.
    pub overran: Option<Duration>,
}

/// Runs `command` to its end, and kills it after `limit`. On a terminal, a line shows that `what` is under way.
///
/// # Errors
/// When the command cannot be started.
pub fn run(command: Command, limit: Duration, what: Option<&'static str>) -> anyhow::Result<Ran> {
    let (child, _guard) = process::spawn(plain(command)).context("docker cannot be started")?;
    follow(&child, limit, what)
}

/// [`run()`] for commands that clean up, and must run when nothing else may be started any more.
pub fn run_during_cleanup(
    command: Command,
    limit: Duration,
    what: &'static str,
) -> anyhow::Result<Ran> {
    follow(&process::start(plain(command))?, limit, Some(what))
}

fn plain(mut command: Command) -> Command {
    command
        // The few messages that we parse are then in English, whatever the learner's language.
        .env("LC_ALL", "C")
        .env("BUILDKIT_PROGRESS", "plain");
    command
}

fn follow(child: &Child, limit: Duration, what: Option<&'static str>) -> anyhow::Result<Ran> {
    let progress = Progress::new(what);
    let ran = run::follow(child, limit, |last| progress.show(last))?;
    Ok(Ran {
        ok: ran.status.is_some_and(|status| status.success()),
        code: ran.status.and_then(|status| status.code()),
        stdout: String::from_utf8_lossy(&ran.stdout).into_owned(),
        said: ran.said,
        overran: ran.status.is_none().then_some(limit),
    })
}
