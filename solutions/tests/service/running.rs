//! The service, started for a test.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use serde_json::Value;
use ureq::Agent;

/// Longer than anything here takes.
pub const LIMIT: Duration = Duration::from_secs(10);

/// The service on a free port, with a database file of its own. Ends with this value.
pub struct Service {
    pub child: Child,
    pub url: String,
    agent: Agent,
    /// What it logs from then on that it listens.
    pub log: Receiver<String>,
}

impl Service {
    pub fn start(folder: &Path, database_url: &str) -> Service {
        let mut child = command(folder)
            .env("PORT", "0")
            .env("DATABASE_URL", database_url)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the service starts");
        // It says itself which port it was given.
        let mut lines = BufReader::new(child.stdout.take().expect("its log is ours")).lines();
        let url = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                let event: Value = serde_json::from_str(&line).ok()?;
                let url = event["msg"].as_str()?.strip_prefix("listening on ")?;
                Some(url.to_owned())
            })
            .expect("the service listens");
        // Goes on reading: a full pipe would stop the service.
        let (written, log) = channel();
        std::thread::spawn(move || {
            lines.map_while(Result::ok).for_each(|line| {
                // The test may have ended, and wants no more of it.
                let _ = written.send(line);
            });
        });
        let agent = Agent::config_builder()
            .timeout_global(Some(LIMIT))
            .http_status_as_error(false)
            .proxy(None)
            .build()
            .into();
        Service {
            child,
            url,
            agent,
            log,
        }
    }

    pub fn get(&self, path: &str) -> (u16, Value) {
        let mut answer = self
            .agent
            .get(format!("{}{path}", self.url))
            .call()
            .expect("an answer");
        let body = answer.body_mut().read_to_string().expect("a body");
        (
            answer.status().as_u16(),
            serde_json::from_str(&body).expect("JSON"),
        )
    }

    pub fn post(&self, content_type: &str, body: &str) -> (u16, Value) {
        let request = self
            .agent
            .post(format!("{}/readings", self.url))
            .header("content-type", content_type);
        let mut answer = request.send(body).expect("an answer");
        let body = answer.body_mut().read_to_string().expect("a body");
        (
            answer.status().as_u16(),
            serde_json::from_str(&body).expect("JSON"),
        )
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_solutions"));
    for name in ["HOST", "PORT", "DATABASE_URL", "RUST_LOG"] {
        command.env_remove(name);
    }
    command.current_dir(folder).stdin(Stdio::null());
    command
}
