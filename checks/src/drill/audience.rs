//! Those who are told: at each hour somebody who reads Slack, and somebody who reads mail.

use std::time::Duration;

use anyhow::anyhow;

use super::clock;
use crate::{
    alertmanager::{Alertmanager, rehearsal},
    observer::Source,
    sinks::{MailSink, SlackSink},
};

/// Everybody hears about everything at three hours at once, each with an Alertmanager whose clock stands still at that hour.
#[derive(Debug)]
pub struct Hour {
    pub name: &'static str,
    /// In Seoul, for people.
    pub when: &'static str,
    /// The same for programs.
    pub at: &'static str,
    /// Whether somebody is at work.
    pub working: bool,
}

pub const HOURS: [Hour; 3] = [
    Hour {
        name: "office",
        when: "Tue 10:00",
        at: "2026-11-24T10:00",
        working: true,
    },
    Hour {
        name: "night",
        when: "Tue 03:00",
        at: "2026-11-24T03:00",
        working: false,
    },
    Hour {
        name: "weekend",
        when: "Sat 12:00",
        at: "2026-11-28T12:00",
        working: false,
    },
];

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

/// Somebody was told something.
#[derive(Debug)]
pub struct Told {
    pub hour: &'static Hour,
    pub channel: Channel,
    /// Since the fault began.
    pub after: Duration,
    /// The first line of it.
    pub title: String,
}

/// The readers at one hour.
pub struct Audience {
    pub hour: &'static Hour,
    pub slack: SlackSink,
    pub mail: MailSink,
    /// How many messages have been looked at.
    read: (usize, usize),
}

impl Audience {
    /// Readers with a webhook and a mail server of their own.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn open(hour: &'static Hour) -> anyhow::Result<Audience> {
        Ok(Audience {
            hour,
            slack: SlackSink::open()?,
            mail: MailSink::open()?,
            read: (0, 0),
        })
    }

    /// What has arrived since the last time, as channel and first line.
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
}

impl Audience {
    /// Starts the Alertmanager that tells these readers, with the learner's file as it is at their hour.
    ///
    /// # Errors
    /// When it cannot be started, or does not want the file.
    pub fn alertmanager(&self, source: &Source, file: &str) -> anyhow::Result<Alertmanager> {
        let stage = rehearsal::Stage {
            host: source.host(),
            slack: self.slack.address(),
            mail: self.mail.address(),
        };
        let copy = rehearsal::copy(file, false, &stage)?;
        let config = clock::stopped(file, &copy, self.hour)?;
        Alertmanager::start(source, &config, &[])?
            .map_err(|why| anyhow!("Alertmanager does not start with alertmanager.yml: {why}"))
    }
}
