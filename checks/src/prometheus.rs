//! A Prometheus that is ours for a while, and what it says.

use std::{
    collections::BTreeMap,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    ending::Ending,
    http::{self, Answer},
    observer::{
        Daemon, File, Source,
        container::{Container, PROMETHEUS},
        folder_of,
    },
    program::free_address,
};

/// How long it may take over a question.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// How long it may take until it answers, in a container on a busy machine.
const START_LIMIT: Duration = Duration::from_secs(30);

/// How often it is asked meanwhile.
const PACE: Duration = Duration::from_millis(50);

/// How often it repeats what it told Alertmanager: often enough that one that starts late hears it.
const RESEND: &str = "--rules.alert.resend-delay=2s";

/// It, while it runs. Ends with this value.
pub struct Prometheus {
    url: String,
    daemon: Daemon,
    /// The last first.
    _endings: Vec<Ending>,
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
    /// Starts it on a free port of loopback, with these files, `prometheus.yml` among them, and waits until it answers.
    ///
    /// # Errors
    /// When it cannot be started, or does not want these files: in its own words.
    pub fn start(source: &Source, files: &[File]) -> anyhow::Result<Prometheus> {
        let address = free_address()?;
        let (folder, folder_ending) = folder_of(files)?;
        let mut endings = vec![folder_ending];
        let command = match source {
            Source::Path(path) => {
                let mut command = Command::new(path);
                command
                    .current_dir(&folder)
                    .arg(format!("--web.listen-address={address}"))
                    .args(arguments("prometheus.yml", "data"));
                command
            }
            Source::Image => {
                let config = format!("{}/prometheus.yml", PROMETHEUS.folder);
                let arguments = arguments(&config, "/prometheus");
                let (start, ending) = Container::create(&PROMETHEUS, &folder, &arguments, address)?;
                endings.insert(0, ending);
                start
            }
        };
        let prometheus = Prometheus {
            url: format!("http://{address}"),
            daemon: Daemon::start(command).context("Prometheus cannot be started")?,
            _endings: endings,
        };
        prometheus.wait(START_LIMIT, "does not answer", || {
            prometheus.alerts().is_ok()
        })?;
        Ok(prometheus)
    }

    /// `http://127.0.0.1:21873`
    pub fn url(&self) -> &str {
        &self.url
    }

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

    /// Waits until it has scraped a target.
    ///
    /// # Errors
    /// When that does not come about within `limit`.
    pub fn wait_until_it_scrapes(&self, limit: Duration) -> anyhow::Result<()> {
        self.wait(limit, "has not scraped the service", || {
            matches!(self.count("up == 1"), Ok(1..))
        })
    }

    fn wait(&self, limit: Duration, what: &str, done: impl Fn() -> bool) -> anyhow::Result<()> {
        let give_up = Instant::now() + limit;
        while !done() {
            if self.daemon.exit_status().is_some() {
                self.daemon.log.wait_for_end();
                bail!("Prometheus has ended{}", self.daemon.log.tail());
            }
            if Instant::now() > give_up {
                bail!(
                    "after {limit:?} Prometheus still {what}{}",
                    self.daemon.log.tail()
                );
            }
            thread::sleep(PACE);
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

fn arguments(config: &str, data: &str) -> [String; 3] {
    [
        format!("--config.file={config}"),
        format!("--storage.tsdb.path={data}"),
        RESEND.to_owned(),
    ]
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
