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

use crate::{check::Blocked, harness::run};

/// The oldest engine with `--start-interval`.
pub const OLDEST_ENGINE: u32 = 25;

/// The oldest Compose that is a subcommand of `docker`.
const OLDEST_COMPOSE: u32 = 2;

/// The time limit for a query. It usually takes 0.1 s, but a machine may be busy, and Docker Desktop may have to start up
/// first.
pub const ANSWER_LIMIT: Duration = Duration::from_secs(10);

/// A Docker engine that answers, with Compose v2.
#[derive(Debug)]
pub struct Engine {
    pub version: String,
    pub compose: String,
}

/// Looks for a suitable engine.
///
/// # Errors
/// Why there is none.
pub fn engine() -> Result<Engine, Blocked> {
    Ok(Engine {
        version: version()?,
        compose: compose()?,
    })
}

/// The version of the engine, if one answers that is recent enough.
///
/// # Errors
/// Why there is none.
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
    // Without an engine `Server` is null; output that is not JSON does not come from Docker.
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

/// The version of Compose, if it is a subcommand of `docker`.
///
/// # Errors
/// Why there is none.
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

/// The version of Buildx, without which `docker build` cannot use the cache mounts of our Dockerfile.
///
/// # Errors
/// Why there is none.
pub fn buildx() -> Result<String, Trouble> {
    // `docker buildx version` has no `--format`; its second word is the version: `github.com/docker/buildx v0.13.1 788433953af1`.
    let output = ask(&["buildx", "version"]).map_err(Trouble::unasked)?;
    let said = String::from_utf8_lossy(&output.stdout);
    let version = said.split_whitespace().nth(1);
    version
        .filter(|_| output.status.success())
        .map(|version| version.trim_start_matches('v').to_owned())
        .ok_or_else(Trouble::without_buildx)
}

/// Runs a `docker` command that is answered at once.
///
/// # Errors
/// When docker cannot be started, or `TimedOut` after [`ANSWER_LIMIT`].
pub fn ask(arguments: &[&str]) -> io::Result<Output> {
    let mut command = Command::new("docker");
    // The few messages that we parse are then in English, whatever the learner's language.
    command.args(arguments).env("LC_ALL", "C");
    run::run(command, ANSWER_LIMIT)
}

/// Whether `version` is older. A self-built Docker has no version number, and is probably not old.
fn older(version: &str, than: u32) -> bool {
    run::version(version)
        .first()
        .is_some_and(|major| *major < than)
}
