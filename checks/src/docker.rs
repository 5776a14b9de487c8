//! Whether Docker can be used here, and if not, why, in one line with what to do about it.

mod failure;
mod trouble;

pub use failure::trouble;
pub use trouble::Trouble;

use std::{
    io,
    process::{Command, Output},
    time::Duration,
};

use serde::Deserialize;

use crate::{tool, verify::Blocked};

/// The oldest engine that knows `--start-interval`.
pub const OLDEST_ENGINE: u32 = 25;

/// The oldest Compose that is a command of `docker`.
const OLDEST_COMPOSE: u32 = 2;

/// How long Docker may take to answer a question. Mostly it takes a tenth of a second, but a machine may be busy, and Docker
/// Desktop may have to wake up first.
pub const ANSWER_LIMIT: Duration = Duration::from_secs(10);

/// A Docker engine that answers, with Compose v2.
#[derive(Debug)]
pub struct Engine {
    pub version: String,
    pub compose: String,
}

/// Looks for an engine that fits.
///
/// # Errors
/// Why there is none.
pub fn engine() -> Result<Engine, Blocked> {
    Ok(Engine {
        version: version()?,
        compose: compose()?,
    })
}

/// The version of the engine, if one answers that is young enough.
///
/// # Errors
/// Why not.
pub fn version() -> Result<String, Trouble> {
    #[derive(Default, Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Versions {
        server: Option<Server>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Server {
        version: String,
        os: String,
    }
    let output = ask(&["version", "--format", "{{json .}}"]).map_err(Trouble::unasked)?;
    // Without an engine the server is null; what is no JSON at all does not come from Docker.
    let versions: Versions = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let server = versions
        .server
        .ok_or_else(|| Trouble::unreachable(&output))?;
    if server.os == "windows" {
        let remedy = "choose \"Switch to Linux containers\" in the menu of Docker Desktop";
        return Err(Trouble::new("Docker runs Windows containers here", remedy));
    }
    if older(&server.version, OLDEST_ENGINE) {
        let what = format!(
            "Docker Engine {} is older than {OLDEST_ENGINE}, the first with --start-interval",
            server.version
        );
        return Err(Trouble::new(what, "update Docker"));
    }
    Ok(server.version)
}

/// The version of Compose, if it is a command of `docker`.
///
/// # Errors
/// Why not.
pub fn compose() -> Result<String, Trouble> {
    #[derive(Deserialize)]
    struct Compose {
        version: String,
    }
    let remedy = "install the package docker-compose-plugin (or docker-compose-v2), or Docker Desktop; docker-compose \
                  with a hyphen is version 1";
    let output = ask(&["compose", "version", "--format", "json"]).map_err(Trouble::unasked)?;
    let Ok(Compose { version }) = serde_json::from_slice(&output.stdout) else {
        return Err(Trouble::new("docker has no command compose", remedy));
    };
    if older(&version, OLDEST_COMPOSE) {
        let what = format!("Compose {version} is older than {OLDEST_COMPOSE}");
        return Err(Trouble::new(what, remedy));
    }
    Ok(version.trim_start_matches('v').to_owned())
}

/// The version of Buildx, without which `docker build` does not know the cache mounts of our Dockerfile.
///
/// # Errors
/// Why there is none.
pub fn buildx() -> Result<String, Trouble> {
    // It has no format of its own; its second word is the version: `github.com/docker/buildx v0.13.1 788433953af1`.
    let output = ask(&["buildx", "version"]).map_err(Trouble::unasked)?;
    let said = String::from_utf8_lossy(&output.stdout);
    let version = said.split_whitespace().nth(1);
    version
        .filter(|_| output.status.success())
        .map(|version| version.trim_start_matches('v').to_owned())
        .ok_or_else(Trouble::without_buildx)
}

/// Asks `docker` something that it answers at once.
///
/// # Errors
/// When it cannot be started, or `TimedOut` after [`ANSWER_LIMIT`].
pub fn ask(arguments: &[&str]) -> io::Result<Output> {
    let mut command = Command::new("docker");
    // The few messages that are looked at are English then, whatever the learner speaks.
    command.args(arguments).env("LC_ALL", "C");
    tool::run(command, ANSWER_LIMIT)
}

/// What somebody built for themselves has no number, and is hardly old.
fn older(version: &str, than: u32) -> bool {
    tool::version(version)
        .first()
        .is_some_and(|major| *major < than)
}
