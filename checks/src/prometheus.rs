//! A Prometheus that is ours for a while, and what it says.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use serde::{Deserialize, de::DeserializeOwned};

use crate::http::{self, Answer};

/// How long it may take over a question.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// Where one answers.
#[derive(Clone, Debug)]
pub struct Prometheus {
    /// `http://127.0.0.1:21873`
    pub url: String,
}

/// An alert that is pending or firing.
#[derive(Clone, Debug, Deserialize)]
pub struct Alert {
    pub labels: BTreeMap<String, String>,
    /// `pending` or `firing`.
    pub state: String,
}

impl Alert {
    pub fn name(&self) -> &str {
        self.label("alertname")
    }

    /// A label's value, empty where there is none, as Prometheus has it.
    pub fn label(&self, name: &str) -> &str {
        self.labels.get(name).map_or("", String::as_str)
    }
}

#[derive(Deserialize)]
struct Envelope<T> {
    data: T,
}

impl Prometheus {
    /// The alerts that are pending or firing now.
    ///
    /// # Errors
    /// When it does not answer, or says something else.
    pub fn alerts(&self) -> anyhow::Result<Vec<Alert>> {
        #[derive(Deserialize)]
        struct Alerts {
            alerts: Vec<Alert>,
        }
        let found: Envelope<Alerts> = self.ask("/api/v1/alerts")?;
        Ok(found.data.alerts)
    }

    /// How many series an instant query returns now.
    ///
    /// # Errors
    /// When it does not answer, or cannot read the query.
    pub fn count(&self, query: &str) -> anyhow::Result<usize> {
        #[derive(Deserialize)]
        struct Found {
            result: Vec<serde_json::Value>,
        }
        let found: Envelope<Found> =
            self.ask(&format!("/api/v1/query?query={}", percent_encoded(query)))?;
        Ok(found.data.result.len())
    }

    /// Waits until it is ready, and has scraped its target once.
    ///
    /// # Errors
    /// When that does not come about within `limit`.
    pub fn wait_until_it_scrapes(&self, limit: Duration, pace: Duration) -> anyhow::Result<()> {
        let give_up = Instant::now() + limit;
        while !matches!(self.count("up == 1"), Ok(1..)) {
            if Instant::now() > give_up {
                bail!("after {limit:?} Prometheus still has not scraped the service");
            }
            std::thread::sleep(pace);
        }
        Ok(())
    }

    fn ask<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        let asked = http::ask("GET", &format!("{}{path}", self.url), ANSWER_LIMIT);
        match asked {
            Ok(Answer { body, .. }) => serde_json::from_str(&body)
                .with_context(|| format!("Prometheus says {}", http::printable(&body))),
            Err(none) => bail!("Prometheus: {none}"),
        }
    }
}

fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'.' | b'-' => {
                encoded.push(byte.into());
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
