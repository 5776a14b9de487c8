//! The service on stage, and how it is broken: in Docker, or as a program of this machine.

use std::{
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use anyhow::{bail, ensure};

use super::{fault::Fault, in_docker::InDocker, native::Native};
use crate::{http, program::ANSWER_LIMIT};

/// How long the service may take to answer again after it was killed, in a new container on a busy machine.
const RETURN_LIMIT: Duration = Duration::from_secs(60);

/// How often it is asked meanwhile.
const PACE: Duration = Duration::from_millis(100);

/// More than any container has: the service itself stops at 90 % of its limit.
const PLENTY_OF_MIB: u32 = 1_000_000;

/// The share of requests that fail in the burst.
const RATIO: f64 = 0.3;

/// Where the service and its database run.
pub enum Stage {
    Docker(InDocker),
    Native(Native),
}

impl Stage {
    /// Where the service answers, on this machine.
    pub fn address(&self) -> SocketAddr {
        match self {
            Stage::Docker(stage) => stage.address(),
            Stage::Native(stage) => stage.address(),
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// Where it can be looked at. `None`: there is no Grafana here.
    ///
    /// # Errors
    /// When Docker cannot start it.
    pub fn dashboard(&self) -> anyhow::Result<Option<String>> {
        match self {
            Stage::Docker(stage) => stage.show(),
            Stage::Native(_) => Ok(None),
        }
    }

    /// Why this cannot be broken here. `None`: it can.
    pub fn cannot(&self, fault: Fault) -> Option<&'static str> {
        match (self, fault) {
            (Stage::Native(_), Fault::MemoryFilled) => {
                Some("without a container there is no limit to reach")
            }
            _ => None,
        }
    }

    /// Breaks it.
    pub fn begin(&mut self, fault: Fault) -> anyhow::Result<()> {
        match fault {
            Fault::DatabasePaused => self.pause_database(true),
            Fault::ErrorBurst => self.post(&format!("/drill/errors?ratio={RATIO}")),
            Fault::MemoryFilled => self.post(&format!("/drill/memory?mb={PLENTY_OF_MIB}")),
            Fault::AppKilled => match self {
                Stage::Docker(stage) => stage.kill(),
                Stage::Native(stage) => {
                    stage.kill();
                    Ok(())
                }
            },
        }
    }

    /// Makes it well again.
    pub fn mend(&mut self, fault: Fault) -> anyhow::Result<()> {
        match fault {
            Fault::DatabasePaused => self.pause_database(false),
            Fault::ErrorBurst | Fault::MemoryFilled => self.post("/drill/reset"),
            Fault::AppKilled => {
                match self {
                    Stage::Docker(stage) => stage.restart()?,
                    Stage::Native(stage) => stage.restart()?,
                }
                self.wait_until_it_answers()
            }
        }
    }

    fn pause_database(&mut self, pause: bool) -> anyhow::Result<()> {
        match self {
            Stage::Docker(stage) => stage.pause_database(pause),
            Stage::Native(stage) => {
                stage.pause_database(pause);
                Ok(())
            }
        }
    }

    fn wait_until_it_answers(&self) -> anyhow::Result<()> {
        let url = format!("{}/health", self.url());
        let give_up = Instant::now() + RETURN_LIMIT;
        while !http::ask("GET", &url, ANSWER_LIMIT).is_ok_and(|answer| answer.status == 200) {
            if Instant::now() > give_up {
                bail!("the service was started again, but does not answer within {RETURN_LIMIT:?}");
            }
            thread::sleep(PACE);
        }
        Ok(())
    }

    fn post(&self, path: &str) -> anyhow::Result<()> {
        let url = format!("{}{path}", self.url());
        match http::send("POST", &url, &[], "", ANSWER_LIMIT) {
            Ok(answer) => ensure!(answer.status == 200, "POST {path}: {answer}"),
            Err(none) => bail!("POST {path}: {none}"),
        }
        Ok(())
    }
}
