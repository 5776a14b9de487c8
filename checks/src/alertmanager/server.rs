//! It, while it runs.

use std::{
    net::SocketAddr,
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use super::{CONFIG, with};
use crate::{
    ending::Ending,
    http::{self, Answer},
    log::Log,
    observer::{
        Daemon, File, Source,
        container::{ALERTMANAGER, Container},
        folder_of,
    },
    program::free_address,
};

/// How long it may take until it is ready. From the PATH it takes half a second, a container on a busy machine some more.
const START_LIMIT: Duration = Duration::from_secs(30);

/// How often it is asked meanwhile.
const START_PACE: Duration = Duration::from_millis(20);

/// How long it may take for an answer, which takes milliseconds.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);

/// Where its own pages are said to be: only shown, as a link in its messages.
const SHOWN_URL: &str = "http://localhost:9093";

/// Variables that would lead its messages elsewhere first.
const PROXIES: [&str; 6] = [
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
];

/// An Alertmanager that runs. Ends with this value.
pub struct Alertmanager {
    url: String,
    /// Before what it stands on.
    daemon: Daemon,
    /// The last first.
    _endings: Vec<Ending>,
}

impl Alertmanager {
    /// Starts it with this configuration, on a free port of loopback, and waits until it is ready. Files that the configuration
    /// names by their name alone can be laid beside it. `Err`: it does not want this configuration, in its own words.
    ///
    /// # Errors
    /// The outer one: when it cannot be started at all.
    pub fn start(
        source: &Source,
        config: &str,
        beside: &[File],
    ) -> anyhow::Result<Result<Alertmanager, String>> {
        let address = free_address()?;
        let (folder, folder_ending) = folder_of(&with(config, beside))?;
        let mut endings = vec![folder_ending];
        let command = match source {
            Source::Path(path) => native(path, &folder, address),
            Source::Image => {
                let (start, ending) = Container::create(
                    &ALERTMANAGER,
                    &folder,
                    &flags(
                        &format!("{}/{CONFIG}", ALERTMANAGER.folder),
                        "/alertmanager",
                    ),
                    address,
                )?;
                endings.push(ending);
                start
            }
        };
        let daemon = Daemon::start(command).context("Alertmanager cannot be started")?;
        endings.reverse();
        let alertmanager = Alertmanager {
            url: format!("http://{address}"),
            daemon,
            _endings: endings,
        };
        alertmanager.wait_until_ready()
    }

    fn wait_until_ready(self) -> anyhow::Result<Result<Alertmanager, String>> {
        let give_up = Instant::now() + START_LIMIT;
        loop {
            let ready = http::ask("GET", &format!("{}/-/ready", self.url), ANSWER_LIMIT);
            if ready.is_ok_and(|answer| answer.status == 200) {
                return Ok(Ok(self));
            }
            if self.daemon.exit_status().is_some() {
                self.log().wait_for_end();
                let why = self.log().find("level=ERROR").or(self.log().find("error"));
                return Ok(Err(why.unwrap_or_else(|| self.log().tail())));
            }
            if Instant::now() > give_up {
                bail!(
                    "Alertmanager is not ready after {START_LIMIT:?}{}",
                    self.log().tail()
                );
            }
            thread::sleep(START_PACE);
        }
    }

    /// `http://127.0.0.1:21873`
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What it has written so far.
    pub fn log(&self) -> &Log {
        &self.daemon.log
    }

    /// Hands alerts to it, as Prometheus does: objects with `labels`, `annotations`, `startsAt`, `endsAt`.
    ///
    /// # Errors
    /// When it does not take them.
    pub fn post(&self, alerts: &[Value]) -> anyhow::Result<()> {
        let (url, body) = (
            format!("{}/api/v2/alerts", self.url),
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

    /// The groups of alerts that it knows, with what it makes of each (`status.state`, `status.inhibitedBy`, `status.mutedBy`).
    ///
    /// # Errors
    /// When it does not say so.
    pub fn groups(&self) -> anyhow::Result<Vec<Value>> {
        let url = format!("{}/api/v2/alerts/groups", self.url);
        let answer = self.taken(http::ask("GET", &url, ANSWER_LIMIT))?;
        Ok(serde_json::from_str(&answer.body)?)
    }

    fn taken(&self, answer: Result<Answer, http::NoAnswer>) -> anyhow::Result<Answer> {
        answer.map_err(|none| anyhow::anyhow!("Alertmanager gives {none}{}", self.log().tail()))
    }
}

fn native(path: &Path, folder: &Path, address: SocketAddr) -> Command {
    let mut command = Command::new(path);
    for name in PROXIES {
        command.env_remove(name);
    }
    command
        .current_dir(folder)
        .arg(format!("--web.listen-address={address}"))
        .args(flags(CONFIG, "data"));
    command
}

/// Alone: as one of a cluster it would open another port, and wait for others first.
fn flags(config: &str, storage: &str) -> [String; 4] {
    [
        format!("--config.file={config}"),
        format!("--storage.path={storage}"),
        "--cluster.listen-address=".to_owned(),
        format!("--web.external-url={SHOWN_URL}"),
    ]
}
