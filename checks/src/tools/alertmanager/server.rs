//! A running Alertmanager.

use std::time::Duration;

use anyhow::{anyhow, ensure};
use serde_json::Value;

use super::{CONFIG, with};
use crate::{
    check::{Failure, Stop},
    harness::{
        http::{self, Answer},
        log::Log,
        scratch::File,
        text::printable,
    },
    tools::{
        container::ALERTMANAGER,
        server::{Kind, NotDone, Server},
        source::Source,
    },
};

/// The time limit for getting ready. From the PATH this takes half a second, in a container on a busy machine somewhat more.
const START_LIMIT: Duration = Duration::from_secs(30);

/// Polling interval meanwhile.
const START_PACE: Duration = Duration::from_millis(20);

/// The time limit for an answer, which takes milliseconds.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);

/// The address of its own pages: only shown, as a link in its messages.
const SHOWN_URL: &str = "http://localhost:9093";

const KIND: Kind = Kind {
    name: "Alertmanager",
    image: &ALERTMANAGER,
    config: CONFIG,
    data: "/alertmanager",
    arguments,
};

/// A running Alertmanager. It ends when this value is dropped.
pub struct Alertmanager(Server);

impl Alertmanager {
    /// Starts Alertmanager with this configuration on a free port of loopback, and waits until it is ready. Files that the
    /// configuration names without a folder can be placed beside it. `name` is the learner's name for the configuration.
    ///
    /// # Errors
    /// [`Stop::Failed`] when Alertmanager rejects the configuration, [`Stop::Broken`] when it cannot be started at all.
    pub fn start(
        source: &Source,
        name: &str,
        config: &str,
        beside: &[File],
    ) -> Result<Alertmanager, Stop> {
        let alertmanager = Alertmanager(Server::start(&KIND, source, &with(config, beside))?);
        let ready = format!("{}/-/ready", alertmanager.url());
        let is_ready =
            || http::ask("GET", &ready, ANSWER_LIMIT).is_ok_and(|answer| answer.status == 200);
        let log = alertmanager.log();
        match alertmanager.0.wait(START_LIMIT, START_PACE, is_ready) {
            Ok(()) => Ok(alertmanager),
            Err(NotDone::Ended) => {
                let why = log.find("level=ERROR").or(log.find("error"));
                let why = why.unwrap_or_else(|| log.tail());
                Err(Failure::new(
                    "Alertmanager starts with it",
                    printable(&why),
                    format!("alertmanager --config.file={name}"),
                )
                .into())
            }
            Err(NotDone::TooLate) => Err(anyhow!(
                "Alertmanager is not ready after {START_LIMIT:?}{}",
                log.tail()
            )
            .into()),
        }
    }

    /// `http://127.0.0.1:21873`
    pub fn url(&self) -> &str {
        self.0.url()
    }

    /// Its output so far.
    pub fn log(&self) -> &Log {
        self.0.log()
    }

    /// Posts alerts, as Prometheus does: objects with `labels`, `annotations`, `startsAt`, `endsAt`.
    ///
    /// # Errors
    /// When Alertmanager does not accept them.
    pub fn post(&self, alerts: &[Value]) -> anyhow::Result<()> {
        let (url, body) = (
            format!("{}/api/v2/alerts", self.url()),
            serde_json::to_string(alerts)?,
        );
        let json = [("Content-Type", "application/json")];
        let answer = self.taken(http::send("POST", &url, &json, &body, ANSWER_LIMIT))?;
        ensure!(
            answer.status == 200,
            "Alertmanager does not take the alerts: {answer}"
        );
        Ok(())
    }

    /// The current groups of alerts, with the state of each alert (`status.state`, `status.inhibitedBy`, `status.mutedBy`).
    ///
    /// # Errors
    /// When Alertmanager does not return them.
    pub fn groups(&self) -> anyhow::Result<Vec<Value>> {
        let url = format!("{}/api/v2/alerts/groups", self.url());
        let answer = self.taken(http::ask("GET", &url, ANSWER_LIMIT))?;
        Ok(serde_json::from_str(&answer.body)?)
    }

    fn taken(&self, answer: Result<Answer, http::NoAnswer>) -> anyhow::Result<Answer> {
        answer.map_err(|none| anyhow!("Alertmanager gives {none}{}", self.log().tail()))
    }
}

/// Without clustering: a cluster member would open another port, and wait for other members first.
fn arguments(config: &str, storage: &str) -> Vec<String> {
    vec![
        format!("--config.file={config}"),
        format!("--storage.path={storage}"),
        "--cluster.listen-address=".to_owned(),
        format!("--web.external-url={SHOWN_URL}"),
    ]
}
