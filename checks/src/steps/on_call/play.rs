//! Alerts are posted to a real Alertmanager, and what arrives is what it was expected to be.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{
    alertmanager::{
        Alertmanager,
        rehearsal::{self, Stage},
    },
    check::Failure,
    http::printable,
    observer::Source,
    sinks::{Inbox, Mail, MailSink, SlackMessage, SlackSink},
};

use super::{
    alerts::{DATABASE, Firing, JOB, labels},
    scene::{Scene, failure},
};

/// How often it is looked whether something has come.
pub const PACE: Duration = Duration::from_millis(20);

/// Where the alerts say that it stands what to do.
pub const RUNBOOK: &str = "https://example.com/docs/runbooks";

/// A real Alertmanager with a copy of the file, and where its messages arrive.
pub struct Play<'a> {
    pub scene: &'a Scene,
    pub alertmanager: Alertmanager,
    pub slack: Told<SlackMessage, SlackSink>,
    pub mail: Told<Mail, MailSink>,
    /// One incident on two instances.
    pub incident: [Firing; 2],
}

/// What has come one way.
pub struct Told<T, Sink> {
    inbox: Inbox<T>,
    text: fn(&T) -> String,
    _sink: Sink,
}

impl<T: Clone, Sink> Told<T, Sink> {
    pub fn texts(&self) -> Vec<String> {
        self.inbox.messages().iter().map(self.text).collect()
    }
}

impl Play<'_> {
    /// `Err`: Alertmanager does not start with it.
    pub fn start<'a>(
        scene: &'a Scene,
        source: &Source,
    ) -> anyhow::Result<Result<Play<'a>, String>> {
        let (slack, mail) = (SlackSink::open()?, MailSink::open()?);
        let stage = Stage {
            host: source.host(),
            slack: slack.address(),
            mail: mail.address(),
        };
        let copy = rehearsal::copy(&scene.text, !scene.templates.is_empty(), &stage)?;
        let started = Alertmanager::start(source, &copy, &scene.beside())?;
        Ok(started.map(|alertmanager| Play {
            scene,
            alertmanager,
            slack: Told {
                inbox: slack.inbox.clone(),
                text: SlackMessage::text,
                _sink: slack,
            },
            mail: Told {
                inbox: mail.inbox.clone(),
                text: Mail::text,
                _sink: mail,
            },
            incident: [(); 2].map(|()| {
                let summary = "The database does not answer";
                Firing::new(
                    labels(DATABASE, JOB),
                    summary,
                    &format!("{RUNBOOK}/database"),
                )
            }),
        }))
    }

    pub fn post(&self, alerts: &[Firing], over: bool) -> anyhow::Result<()> {
        let alerts: Vec<_> = alerts.iter().map(|alert| alert.posted(over)).collect();
        self.alertmanager.post(&alerts)
    }

    pub fn counts(&self) -> [usize; 2] {
        [self.slack.texts().len(), self.mail.texts().len()]
    }

    pub fn wait(&self, limit: Duration, mut done: impl FnMut() -> bool) -> bool {
        let give_up = Instant::now() + limit;
        while !done() {
            if Instant::now() > give_up {
                return false;
            }
            thread::sleep(PACE);
        }
        true
    }

    /// Whether it found something that trying again does not mend.
    pub fn gave_up(&self) -> bool {
        let log = self.alertmanager.log();
        log.find("Notify for alerts failed").is_some()
    }

    /// Why it could not tell, in Alertmanager's words.
    pub fn complaint(&self) -> String {
        let log = self.alertmanager.log();
        let line = log.find("Notify for alerts failed");
        let line = line.or(log.find("Notify attempt failed"));
        let why = line.and_then(|line| Some(line.split_once("err=")?.1.to_owned()));
        why.map_or(String::new(), |why| {
            format!(
                "\nAlertmanager says: {}",
                printable(&why.replace("\\\"", "\""))
            )
        })
    }

    pub fn failed(&self, expected: impl Into<String>, found: impl Into<String>) -> Failure {
        let labels = &self.incident[0].labels;
        failure(expected, found, self.scene.fire(&[labels]))
    }
}
