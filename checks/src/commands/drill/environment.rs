//! The service that the drill breaks: in Docker, or as a local process.

use std::{net::SocketAddr, time::Duration};

use anyhow::{bail, ensure};

use super::{fault::Fault, in_docker::InDocker, native::Native};
use crate::harness::{
    http::{self, ANSWER_LIMIT},
    poll,
};

/// The time limit for the service to answer again after it was killed, in a new container on a busy machine.
const RETURN_LIMIT: Duration = Duration::from_secs(60);

/// Polling interval.
const PACE: Duration = Duration::from_millis(100);

/// More than any container has: the service itself stops at 90 % of its limit.
const PLENTY_OF_MIB: u32 = 1_000_000;

/// The share of requests that fail in the burst.
const RATIO: f64 = 0.3;

/// Where the service and its database run.
pub enum Environment {
    Docker(InDocker),
    Native(Native),
}

impl Environment {
    /// Where the service answers, on this machine.
    pub fn address(&self) -> SocketAddr {
        match self {
            Environment::Docker(environment) => environment.address(),
            Environment::Native(environment) => environment.address(),
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// The address of the dashboard. `None` without Grafana.
    ///
    /// # Errors
    /// When Docker cannot start it.
    pub fn dashboard(&self) -> anyhow::Result<Option<String>> {
        match self {
            Environment::Docker(environment) => environment.show(),
            Environment::Native(_) => Ok(None),
        }
    }

    /// Why this fault cannot be injected here. `None` if it can.
    pub fn cannot(&self, fault: Fault) -> Option<&'static str> {
        match (self, fault) {
            (Environment::Native(_), Fault::MemoryFilled) => {
                Some("without a container there is no limit to reach")
            }
            _ => None,
        }
    }

    /// Injects the fault.
    pub fn begin(&mut self, fault: Fault) -> anyhow::Result<()> {
        match fault {
            Fault::DatabasePaused => self.pause_database(true),
            Fault::ErrorBurst => self.post(&format!("/drill/errors?ratio={RATIO}")),
            Fault::MemoryFilled => self.post(&format!("/drill/memory?mb={PLENTY_OF_MIB}")),
            Fault::AppKilled => match self {
                Environment::Docker(environment) => environment.kill(),
                Environment::Native(environment) => {
                    environment.kill();
                    Ok(())
                }
            },
        }
    }

    /// Ends the fault.
    pub fn repair(&mut self, fault: Fault) -> anyhow::Result<()> {
        match fault {
            Fault::DatabasePaused => self.pause_database(false),
            Fault::ErrorBurst | Fault::MemoryFilled => self.post("/drill/reset"),
            Fault::AppKilled => {
                match self {
                    Environment::Docker(environment) => environment.restart()?,
                    Environment::Native(environment) => environment.restart()?,
                }
                self.wait_until_it_answers()
            }
        }
    }

    fn pause_database(&mut self, pause: bool) -> anyhow::Result<()> {
        match self {
            Environment::Docker(environment) => environment.pause_database(pause),
            Environment::Native(environment) => {
                environment.pause_database(pause);
                Ok(())
            }
        }
    }

    fn wait_until_it_answers(&self) -> anyhow::Result<()> {
        let url = format!("{}/health", self.url());
        let answers = poll::is_done(RETURN_LIMIT, PACE, || {
            http::ask("GET", &url, ANSWER_LIMIT).is_ok_and(|answer| answer.status == 200)
        });
        ensure!(
            answers,
            "the service was started again, but does not answer within {RETURN_LIMIT:?}"
        );
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
