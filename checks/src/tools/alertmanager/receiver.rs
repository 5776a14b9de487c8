//! Receivers: the channels by which people are notified.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The target of a route.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Receiver {
    /// Its line in the file, counted from 1.
    #[serde(skip)]
    pub line: u64,
    pub name: String,
    #[serde(default)]
    pub slack_configs: Vec<Channel>,
    #[serde(default)]
    pub email_configs: Vec<Channel>,
    /// All other channels (webhook, PagerDuty and so on).
    #[serde(flatten)]
    others: BTreeMap<String, serde_json::Value>,
}

/// One Slack channel, or one mailbox.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub struct Channel {
    pub send_resolved: bool,
    channel: String,
    to: String,
    api_url: String,
    api_url_file: String,
}

impl Receiver {
    pub(super) const fn nobody() -> Receiver {
        Receiver {
            line: 0,
            name: String::new(),
            slack_configs: Vec::new(),
            email_configs: Vec::new(),
            others: BTreeMap::new(),
        }
    }

    /// Whether it has a channel at all.
    pub fn tells(&self) -> bool {
        self.others().next().is_some()
            || !self.slack_configs.is_empty()
            || !self.email_configs.is_empty()
    }

    /// A word for each message that it sends, with where it goes: `Slack #alerts`, `email to on-call@example.com`, `webhook`.
    pub fn ways(&self) -> Vec<String> {
        let slack = self.slack_configs.iter().map(Channel::in_slack);
        let mails = self.email_configs.iter().flat_map(Channel::mailboxes);
        let others = self.others().map(|name| name.replace("_configs", ""));
        slack.chain(mails).chain(others).collect()
    }

    /// The fields of the channels that are neither Slack nor email.
    fn others(&self) -> impl Iterator<Item = &str> {
        let others = self.others.iter().filter(|(name, configs)| {
            name.ends_with("_configs") && configs.as_array().is_some_and(|list| !list.is_empty())
        });
        others.map(|(name, _)| name.as_str())
    }
}

impl Channel {
    /// A webhook of its own leads to a channel of its own, and the address is a secret.
    fn in_slack(&self) -> String {
        let webhook = match (self.api_url_file.as_str(), self.api_url.as_str()) {
            ("", "") => String::new(),
            ("", _) => " by its own api_url".to_owned(),
            (file, _) => format!(" by {file}"),
        };
        format!("Slack {}{webhook}", self.channel)
            .trim_end()
            .to_owned()
    }

    fn mailboxes(&self) -> impl Iterator<Item = String> {
        let mailboxes = self.to.split(',').map(str::trim);
        mailboxes.map(|to| format!("email to {to}"))
    }
}
