//! The recipients: at each hour one reader of Slack and one of email.

use std::time::Duration;

use super::{clock, hour::Hour};
use crate::{
    harness::sinks::{MailSink, SlackSink},
    tools::{
        alertmanager::{Alertmanager, sandbox_config},
        source::Source,
    },
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    Slack,
    Email,
}

impl Channel {
    pub fn name(self) -> &'static str {
        match self {
            Channel::Slack => "Slack",
            Channel::Email => "email",
        }
    }
}

/// A notification that arrived.
#[derive(Debug)]
pub struct Notification {
    pub hour: &'static Hour,
    pub channel: Channel,
    /// When, since the fault began.
    pub after: Duration,
    /// Its first line.
    pub title: String,
}

/// The recipients at one hour.
pub struct Recipients {
    pub hour: &'static Hour,
    pub slack: SlackSink,
    pub mail: MailSink,
    /// The number of messages already read.
    read: (usize, usize),
}

impl Recipients {
    /// Opens a webhook and a mail server of their own.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn open(hour: &'static Hour) -> anyhow::Result<Recipients> {
        Ok(Recipients {
            hour,
            slack: SlackSink::open()?,
            mail: MailSink::open()?,
            read: (0, 0),
        })
    }

    /// The messages since the last call, as channel and first line.
    pub fn news(&mut self) -> Vec<(Channel, String)> {
        let slack = self.slack.inbox.messages();
        let mail = self.mail.inbox.messages();
        let news_of_slack = slack[self.read.0..]
            .iter()
            .map(|message| (Channel::Slack, message.title().to_owned()));
        let news_of_mail = mail[self.read.1..]
            .iter()
            .map(|mail| (Channel::Email, mail.subject.clone()));
        let news = news_of_slack.chain(news_of_mail).collect();
        self.read = (slack.len(), mail.len());
        news
    }

    /// Starts the Alertmanager that notifies these recipients, with the learner's file as it is at their hour.
    ///
    /// # Errors
    /// When it cannot be started, or does not want the file.
    pub fn alertmanager(&self, source: &Source, file: &str) -> anyhow::Result<Alertmanager> {
        let sinks = sandbox_config::Sinks {
            host: source.host(),
            slack: self.slack.address(),
            mail: self.mail.address(),
        };
        let copy = sandbox_config::copy(file, false, &sinks)?;
        let config = clock::stopped(file, &copy, self.hour)?;
        Ok(Alertmanager::start(
            source,
            "alertmanager.yml",
            &config,
            &[],
        )?)
    }
}
