//! A Prometheus of our own, and its API.

mod alert;
pub mod exposition;
pub mod promql;
pub mod promtool;

pub use alert::Alert;

use std::time::Duration;

use anyhow::{Context, bail};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    harness::{
        http::{self, Answer},
        scratch::File,
        text::printable,
    },
    tools::{
        container::PROMETHEUS,
        server::{Kind, NotDone, Server},
        source::Source,
    },
};

/// The time limit for an answer.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// The time limit for getting ready, in a container on a busy machine.
const START_LIMIT: Duration = Duration::from_secs(30);

/// Polling interval meanwhile.
const PACE: Duration = Duration::from_millis(50);

/// The interval at which Prometheus resends an alert: short enough to reach an Alertmanager that starts late.
const RESEND: &str = "--rules.alert.resend-delay=2s";

const KIND: Kind = Kind {
    name: "Prometheus",
    image: &PROMETHEUS,
    config: "prometheus.yml",
    data: "/prometheus",
    arguments,
};

/// A running Prometheus. It ends when this value is dropped.
pub struct Prometheus(Server);

#[derive(Deserialize)]
struct Envelope<T> {
    data: T,
}

impl Prometheus {
    /// Starts Prometheus on a free port of loopback with these files, including `prometheus.yml`, and waits until it answers.
    ///
    /// # Errors
    /// When it cannot be started, or rejects these files: with its own message.
    pub fn start(source: &Source, files: &[File]) -> anyhow::Result<Prometheus> {
        let prometheus = Prometheus(Server::start(&KIND, source, files)?);
        prometheus.wait(START_LIMIT, "does not answer", || {
            prometheus.alerts().is_ok()
        })?;
        Ok(prometheus)
    }

    /// `http://127.0.0.1:21873`
    pub fn url(&self) -> &str {
        self.0.url()
    }

    /// The alerts that are pending or firing now.
    ///
    /// # Errors
    /// When Prometheus does not answer, or returns something else.
    pub fn alerts(&self) -> anyhow::Result<Vec<Alert>> {
        #[derive(Deserialize)]
        struct Alerts {
            alerts: Vec<Alert>,
        }
        let found: Envelope<Alerts> = self.ask("/api/v1/alerts", &[])?;
        Ok(found.data.alerts)
    }

    /// The number of series that an instant query returns now.
    ///
    /// # Errors
    /// When Prometheus does not answer, or cannot parse the query.
    pub fn count(&self, query: &str) -> anyhow::Result<usize> {
        #[derive(Deserialize)]
        struct Found {
            result: Vec<serde_json::Value>,
        }
        let found: Envelope<Found> = self.ask("/api/v1/query", &[("query", query)])?;
        Ok(found.data.result.len())
    }

    /// Waits until Prometheus has scraped a target.
    ///
    /// # Errors
    /// When this does not happen within `limit`.
    pub fn wait_until_it_scrapes(&self, limit: Duration) -> anyhow::Result<()> {
        self.wait(limit, "has not scraped the service", || {
            matches!(self.count("up == 1"), Ok(1..))
        })
    }

    fn wait(&self, limit: Duration, what: &str, done: impl Fn() -> bool) -> anyhow::Result<()> {
        let why = match self.0.wait(limit, PACE, done) {
            Ok(()) => return Ok(()),
            Err(NotDone::Ended) => "Prometheus has ended".to_owned(),
            Err(NotDone::TooLate) => format!("after {limit:?} Prometheus still {what}"),
        };
        bail!("{why}{}", self.0.log().tail())
    }

    fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        parameters: &[(&str, &str)],
    ) -> anyhow::Result<T> {
        let url = format!("{}{path}", self.url());
        match http::query(&url, parameters, ANSWER_LIMIT) {
            Ok(Answer { body, .. }) => serde_json::from_str(&body)
                .with_context(|| format!("Prometheus says {}", printable(&body))),
            Err(none) => bail!("Prometheus: {none}"),
        }
    }
}

fn arguments(config: &str, data: &str) -> Vec<String> {
    vec![
        format!("--config.file={config}"),
        format!("--storage.tsdb.path={data}"),
        RESEND.to_owned(),
    ]
}
