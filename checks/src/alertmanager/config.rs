//! What a configuration says, as far as it decides who is told what, and when. What else it says, Alertmanager itself judges.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{hours::TimeIntervals, inhibition::InhibitRule, matcher::Matcher};

/// Labels, or their values, by name.
pub type Labels = BTreeMap<String, String>;

/// A whole file.
#[derive(Clone, Debug, Deserialize)]
pub struct Config {
    pub route: Route,
    #[serde(default)]
    pub receivers: Vec<Receiver>,
    #[serde(default)]
    pub inhibit_rules: Vec<InhibitRule>,
    #[serde(default)]
    time_intervals: Vec<TimeIntervals>,
    /// What those were called before.
    #[serde(default)]
    mute_time_intervals: Vec<TimeIntervals>,
}

/// A node of the routing tree.
#[derive(Clone, Debug, Deserialize)]
pub struct Route {
    pub receiver: Option<String>,
    pub group_by: Option<Vec<String>>,
    #[serde(default, rename = "continue")]
    pub goes_on: bool,
    #[serde(default, rename = "match")]
    equal: Labels,
    #[serde(default)]
    match_re: Labels,
    #[serde(default)]
    matchers: Vec<String>,
    pub group_wait: Option<String>,
    pub group_interval: Option<String>,
    pub repeat_interval: Option<String>,
    #[serde(default)]
    pub mute_time_intervals: Vec<String>,
    #[serde(default)]
    pub active_time_intervals: Vec<String>,
    #[serde(default)]
    pub routes: Vec<Route>,
}

/// Whom a route leads to.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Receiver {
    pub name: String,
    #[serde(default)]
    pub slack_configs: Vec<Channel>,
    #[serde(default)]
    pub email_configs: Vec<Channel>,
    /// All the other ways in which it could be told.
    #[serde(flatten)]
    others: BTreeMap<String, serde_json::Value>,
}

/// One Slack channel, or one mailbox.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Channel {
    #[serde(default)]
    pub send_resolved: bool,
}

impl Config {
    /// Reads a file. `Err`: why it cannot be, in one line or a few.
    pub fn read(text: &str) -> Result<Config, String> {
        let config: Config = serde_saphyr::from_str(text)
            .map_err(|error| error.to_string().replace("<input>", "alertmanager.yml"))?;
        config.route.check(&config)?;
        for rule in &config.inhibit_rules {
            rule.source()?;
            rule.target()?;
        }
        Ok(config)
    }

    pub fn receiver(&self, name: &str) -> Option<&Receiver> {
        self.receivers.iter().find(|receiver| receiver.name == name)
    }

    pub fn interval(&self, name: &str) -> Option<&TimeIntervals> {
        let mut all = self.time_intervals.iter().chain(&self.mute_time_intervals);
        all.find(|interval| interval.name == name)
    }
}

impl Route {
    /// Whatever is named must be there.
    fn check(&self, config: &Config) -> Result<(), String> {
        self.conditions()?;
        if let Some(name) = &self.receiver {
            let receiver = config.receiver(name);
            receiver.ok_or_else(|| {
                format!("a route names the receiver {name:?}, which is not there")
            })?;
        }
        for name in self
            .mute_time_intervals
            .iter()
            .chain(&self.active_time_intervals)
        {
            let interval = config.interval(name);
            interval.ok_or_else(|| {
                format!("a route names the time interval {name:?}, which is not there")
            })?;
        }
        self.routes.iter().try_for_each(|route| route.check(config))
    }

    /// What an alert must fulfil to come by here.
    pub fn conditions(&self) -> Result<Vec<Matcher>, String> {
        conditions(&self.equal, &self.match_re, &self.matchers)
    }
}

impl Receiver {
    pub(super) const fn nobody() -> Receiver {
        Receiver {
            name: String::new(),
            slack_configs: Vec::new(),
            email_configs: Vec::new(),
            others: BTreeMap::new(),
        }
    }

    /// Whether anybody hears of it.
    pub fn tells(&self) -> bool {
        let others = self.others.iter().any(|(name, configs)| {
            name.ends_with("_configs") && configs.as_array().is_some_and(|list| !list.is_empty())
        });
        others || !self.slack_configs.is_empty() || !self.email_configs.is_empty()
    }
}

/// What stands in the three fields that say so.
pub(super) fn conditions(
    equal: &Labels,
    regex: &Labels,
    matchers: &[String],
) -> Result<Vec<Matcher>, String> {
    let mut all = Vec::new();
    for (label, value) in equal {
        all.push(Matcher::new(label, "=", value)?);
    }
    for (label, value) in regex {
        all.push(Matcher::new(label, "=~", value)?);
    }
    for text in matchers {
        all.extend(Matcher::read_all(text)?);
    }
    Ok(all)
}
