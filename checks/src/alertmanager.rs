//! A real Alertmanager: from the PATH, else from its image. Its configuration is ours to answer for: it dials what that says.

mod container;
mod source;

pub use source::{IMAGE, Source};

use std::{
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use crate::{
    child::{self, Child},
    ending::Ending,
    http::{self, Answer},
    log::Log,
    program::{empty_folder, free_address},
    tool,
};
use container::Container;

/// How long it may take until it is ready. From the PATH it takes half a second, a container on a busy machine some more.
const START_LIMIT: Duration = Duration::from_secs(30);

/// How often it is asked meanwhile.
const START_PACE: Duration = Duration::from_millis(20);

/// How long it may take for an answer, and `amtool` for reading a file: both take milliseconds.
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

/// A file that its configuration names: its name in the folder, and what is in it.
pub type Beside<'a> = (&'a str, &'a str);

/// It, while it runs. Ends with this value.
pub struct Alertmanager {
    url: String,
    child: Child,
    /// What it has written so far.
    pub log: Log,
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
        beside: &[Beside],
    ) -> anyhow::Result<Result<Alertmanager, String>> {
        let address = free_address()?;
        let (folder, folder_ending) = folder_of(config, beside)?;
        let mut endings = vec![folder_ending];
        let command = match source {
            Source::Path(path) => native(path, &folder, address),
            Source::Image => {
                let (start, ending) = Container::create(&folder, &flags("/alertmanager"), address)?;
                endings.push(ending);
                start
            }
        };
        let mut log = Log::default();
        let (child, ending) = Ending::of(|| {
            let child = child::start(command)?;
            let mut streams = child::lock(&child);
            let (stdout, stderr) = (streams.stdout().take(), streams.stderr().take());
            stdout.into_iter().for_each(|stream| log.read(stream));
            stderr.into_iter().for_each(|stream| log.read(stream));
            drop(streams);
            let ended = Arc::clone(&child);
            let end: Box<dyn FnOnce() + Send> = Box::new(move || child::kill(&ended));
            io::Result::Ok((child, end))
        })
        .context("Alertmanager cannot be started")?;
        endings.push(ending);
        endings.reverse();
        let alertmanager = Alertmanager {
            url: format!("http://{address}"),
            child,
            log,
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
            if child::lock(&self.child).try_wait()?.is_some() {
                self.log.wait_for_end();
                let why = self.log.find("level=ERROR").or(self.log.find("error"));
                return Ok(Err(why.unwrap_or_else(|| self.log.tail())));
            }
            if Instant::now() > give_up {
                bail!(
                    "Alertmanager is not ready after {START_LIMIT:?}{}",
                    self.log.tail()
                );
            }
            thread::sleep(START_PACE);
        }
    }

    /// `http://127.0.0.1:21873`
    pub fn url(&self) -> &str {
        &self.url
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
        answer.map_err(|none| anyhow::anyhow!("Alertmanager gives {none}{}", self.log.tail()))
    }
}

/// What `amtool check-config` says about a configuration, and whether that is good.
///
/// # Errors
/// When it cannot be run.
pub fn check_config(amtool: &Source, config: &str, beside: &[Beside]) -> anyhow::Result<Output> {
    let (folder, _ending) = folder_of(config, beside)?;
    match amtool {
        Source::Path(path) => {
            let mut command = Command::new(path);
            command.current_dir(&folder).args(["check-config", CONFIG]);
            Ok(tool::run(command, ANSWER_LIMIT)?)
        }
        Source::Image => container::check_config(&folder),
    }
}

/// The configuration's name, wherever it lies.
const CONFIG: &str = "alertmanager.yml";

/// A folder with these files in it, and its end.
fn folder_of(config: &str, beside: &[Beside]) -> anyhow::Result<(PathBuf, Ending)> {
    let made = Ending::of(|| {
        let folder = empty_folder()?;
        let made = folder.clone();
        let end: Box<dyn FnOnce() + Send> = Box::new(move || {
            // It never held anything but these files and what Alertmanager wrote there.
            let _ = fs::remove_dir_all(made);
        });
        anyhow::Ok((folder, end))
    })?;
    for (name, text) in beside.iter().chain([&(CONFIG, config)]) {
        fs::write(made.0.join(name), text)?;
    }
    Ok(made)
}

fn native(path: &Path, folder: &Path, address: SocketAddr) -> Command {
    let mut command = Command::new(path);
    for name in PROXIES {
        command.env_remove(name);
    }
    command
        .current_dir(folder)
        .arg(format!("--config.file={CONFIG}"))
        .arg(format!("--web.listen-address={address}"))
        .args(flags("data"));
    command
}

/// Alone: as one of a cluster it would open another port, and wait for others first.
fn flags(storage: &str) -> [String; 3] {
    [
        format!("--storage.path={storage}"),
        "--cluster.listen-address=".to_owned(),
        format!("--web.external-url={SHOWN_URL}"),
    ]
}
