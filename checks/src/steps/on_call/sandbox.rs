//! A real Alertmanager that notifies only our sinks, and the messages that arrive there.

use std::time::Duration;

use crate::{
    check::{Failure, Stop},
    harness::{
        poll,
        sinks::{Inbox, Mail, MailSink, SlackMessage, SlackSink},
        text::printable,
    },
    tools::{
        alertmanager::{
            Alertmanager,
            any_hour::with_any_hour,
            sandbox_config::{self, Sinks},
        },
        source::Source,
    },
};

use super::{
    alerts::{DATABASE, JOB, MEMORY, at_any_hour, labels},
    context::Context,
    firing::Firing,
    incident::{LIMIT, STATE_LIMIT},
};

/// Polling interval for messages.
pub const PACE: Duration = Duration::from_millis(20);

/// A real Alertmanager with a copy of the file, and where its messages arrive.
pub struct Sandbox<'a> {
    pub context: &'a Context,
    pub alertmanager: Alertmanager,
    pub slack: Received<SlackMessage, SlackSink>,
    pub mail: Received<Mail, MailSink>,
    /// One incident on three instances.
    pub incident: [Firing; 3],
    /// Another one, a ticket, which is told at any hour.
    pub ticket: [Firing; 3],
}

/// The messages that have arrived through one channel.
pub struct Received<T, Sink> {
    inbox: Inbox<T>,
    text: fn(&T) -> String,
    title: fn(&T) -> String,
    _sink: Sink,
}

impl<T: Clone, Sink> Received<T, Sink> {
    pub fn texts(&self) -> Vec<String> {
        self.inbox.messages().iter().map(self.text).collect()
    }

    /// What is read first: a title, or a subject.
    pub fn titles(&self) -> Vec<String> {
        self.inbox.messages().iter().map(self.title).collect()
    }
}

impl Sandbox<'_> {
    pub fn start<'a>(context: &'a Context, source: &Source) -> Result<Sandbox<'a>, Stop> {
        let (slack, mail) = (SlackSink::open()?, MailSink::open()?);
        let sinks = Sinks {
            host: source.host(),
            slack: slack.address(),
            mail: mail.address(),
        };
        let copy = sandbox_config::copy(&context.text, !context.templates.is_empty(), &sinks)?;
        let copy = with_any_hour(&copy)?;
        let alertmanager = Alertmanager::start(source, &context.file, &copy, &context.beside())?;
        Ok(Sandbox {
            context,
            alertmanager,
            slack: Received {
                inbox: slack.inbox.clone(),
                text: SlackMessage::text,
                title: |message| message.title().to_owned(),
                _sink: slack,
            },
            mail: Received {
                inbox: mail.inbox.clone(),
                text: Mail::text,
                title: |mail| mail.subject.clone(),
                _sink: mail,
            },
            incident: Firing::on_three_instances(&labels(DATABASE, JOB)),
            ticket: Firing::on_three_instances(&at_any_hour(labels(MEMORY, JOB))),
        })
    }

    pub fn post<'b>(
        &self,
        alerts: impl IntoIterator<Item = &'b Firing>,
        over: bool,
    ) -> anyhow::Result<()> {
        let alerts: Vec<_> = alerts.into_iter().map(|alert| alert.posted(over)).collect();
        self.alertmanager.post(&alerts)
    }

    pub fn counts(&self) -> [usize; 2] {
        [self.slack.texts().len(), self.mail.texts().len()]
    }

    /// What has arrived in Slack and by email in addition to so many messages.
    pub fn said_since(&self, [slack, mail]: [usize; 2]) -> [Vec<String>; 2] {
        [
            self.slack.texts().split_off(slack),
            self.mail.texts().split_off(mail),
        ]
    }

    /// Waits until more than so many messages have arrived in Slack and by email. Whether they have.
    pub fn both_tell_more_than(&self, before: [usize; 2]) -> bool {
        poll::is_done(LIMIT, PACE, || {
            let now = self.counts();
            now[0] > before[0] && now[1] > before[1]
        })
    }

    /// Waits for a message about this alert by each of these ways, in addition to so many messages. A message that does not name the
    /// alert is not recognised: then it is a pause.
    pub fn wait_for_texts_about(&self, alert: &Firing, before: [usize; 2], ways: [bool; 2]) {
        poll::is_done(STATE_LIMIT, PACE, || {
            let mut said = self.said_since(before).into_iter().zip(ways);
            said.all(|(texts, way)| !way || texts.iter().any(|text| alert.is_in(text)))
        });
    }

    /// Whether the channel failed with an error that retrying does not fix.
    pub fn gave_up(&self) -> bool {
        let log = self.alertmanager.log();
        log.find("Notify for alerts failed").is_some()
    }

    /// Why the channel failed, in Alertmanager's words.
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

    /// A failure of the messages about this alert.
    pub fn failed(
        &self,
        about: &Firing,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Failure {
        Failure::new(expected, found, self.context.message(about))
    }
}
