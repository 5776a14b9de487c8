//! Those who are told: at each hour somebody who reads Slack, and somebody who reads mail.

use std::{net::IpAddr, time::Duration};

use crate::sinks::{MailSink, SlackSink};

/// Everybody hears about everything at three hours at once, each with an Alertmanager whose clock stands still at that hour.
#[derive(Debug)]
pub struct Hour {
    pub name: &'static str,
    /// In Seoul, for people.
    pub when: &'static str,
    /// The same for programs: a civil time of that zone.
    pub at: &'static str,
    /// Whether somebody is at work.
    pub working: bool,
}

pub const HOURS: [Hour; 3] = [
    Hour {
        name: "office",
        when: "Tue 10:00",
        at: "2026-11-24T10:00[Asia/Seoul]",
        working: true,
    },
    Hour {
        name: "night",
        when: "Tue 03:00",
        at: "2026-11-24T03:00[Asia/Seoul]",
        working: false,
    },
    Hour {
        name: "weekend",
        when: "Sat 12:00",
        at: "2026-11-28T12:00[Asia/Seoul]",
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
    /// Readers who are reached at `address`.
    pub fn open(hour: &'static Hour, address: IpAddr) -> anyhow::Result<Audience> {
        Ok(Audience {
            hour,
            slack: SlackSink::open_at(address)?,
            mail: MailSink::open_at(address)?,
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
