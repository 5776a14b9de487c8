//! Why Docker cannot be used here, and what to do about it.

use std::{
    env,
    io::{self, ErrorKind},
    process::Output,
};

use super::{ANSWER_LIMIT, OLDEST_ENGINE};
use crate::{
    check::Blocked,
    tools::system::{Remedy, is_wsl},
};

const START: &str = if cfg!(target_os = "linux") {
    "start it with `sudo systemctl start docker`, or start Docker Desktop"
} else {
    "start Docker Desktop, and wait until it says that it is running"
};

const JOIN: &str = if cfg!(windows) {
    "join the group docker-users, and log in again"
} else {
    "join its group with `sudo usermod -aG docker $USER`, then `newgrp docker`, or log in again"
};

/// Docker's own script, because the package of Debian 12 is older than we need.
const ENGINE: &str = "curl -fsSL https://get.docker.com | sudo sh";

const INSTALL: Remedy = Remedy {
    debian: ENGINE,
    wsl: Some(
        "winget install Docker.DockerDesktop in Windows, then switch this distribution on under Settings > Resources > WSL \
         integration",
    ),
    fedora: "curl -fsSL https://get.docker.com | sudo sh && sudo systemctl enable --now docker",
    macos: "brew install --cask docker-desktop",
    windows: "winget install Docker.DockerDesktop",
    other: "see https://docs.docker.com/engine/install/",
};

/// What is wrong, and what to do about it: the two halves of one line.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    pub what: String,
    pub remedy: String,
}

impl Trouble {
    pub(super) fn new(what: impl Into<String>, remedy: impl Into<String>) -> Trouble {
        Trouble {
            what: what.into(),
            remedy: remedy.into(),
        }
    }

    /// The docker command itself failed.
    pub(super) fn unasked(error: io::Error) -> Trouble {
        match error.kind() {
            ErrorKind::NotFound => Trouble::new(
                "docker is not on the PATH",
                format!(
                    "install Docker Engine {OLDEST_ENGINE} or newer with Compose: {}",
                    INSTALL.here()
                ),
            ),
            ErrorKind::TimedOut => Trouble::new(
                format!("Docker does not answer within {ANSWER_LIMIT:?}"),
                "restart it, unless the machine is very busy",
            ),
            _ => Trouble::new(
                format!("docker cannot be started ({error})"),
                "install it again",
            ),
        }
    }

    /// `docker version` reached no engine. Docker gives the reason only in prose.
    pub(super) fn unreachable(output: &Output) -> Trouble {
        let said = [output.stderr.as_slice(), &output.stdout].concat();
        let said = String::from_utf8_lossy(&said).to_lowercase();
        let address = env::var("DOCKER_HOST").map_or(String::new(), |host| format!(" at {host}"));
        let what = format!("docker is installed, but no engine answers{address}");
        if said.contains("permission denied") || said.contains("access is denied") {
            Trouble::new("you may not talk to the Docker engine", JOIN)
        } else if said.contains("podman") {
            let what = "docker is Podman here, whose images have no HEALTHCHECK";
            Trouble::new(what, "install Docker Engine")
        } else if said.contains("wsl") || is_wsl() {
            let remedy = "start Docker Desktop, and switch this distribution on under Settings > Resources > WSL integration";
            Trouble::new(what, remedy)
        } else {
            Trouble::new(what, START)
        }
    }

    pub(super) fn gone() -> Trouble {
        Trouble::new("the Docker engine went away meanwhile", START)
    }

    pub(super) fn without_buildx() -> Trouble {
        Trouble::new(
            "docker has no Buildx",
            "install the package docker-buildx-plugin (or docker-buildx)",
        )
    }
}

impl From<Trouble> for Blocked {
    fn from(trouble: Trouble) -> Blocked {
        Blocked {
            why: format!("{}: {}", trouble.what, trouble.remedy),
            by_environment: true,
        }
    }
}
