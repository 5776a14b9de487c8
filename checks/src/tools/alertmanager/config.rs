//! The parts of a configuration that decide who is notified of what, and when. Alertmanager itself checks the rest.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer};
use serde_saphyr::Spanned;

pub use super::receiver::{Channel, Receiver};
use super::{
    hours::TimeIntervals,
    inhibition::InhibitRule,
    matcher::{Labels, Matcher, conditions},
};

/// A whole file.
#[derive(Clone, Debug, Deserialize)]
pub struct Config {
    #[serde(deserialize_with = "placed")]
    pub route: Route,
    #[serde(default, deserialize_with = "all_placed")]
    pub receivers: Vec<Receiver>,
    #[serde(default, deserialize_with = "all_placed")]
    pub inhibit_rules: Vec<InhibitRule>,
    #[serde(default, deserialize_with = "all_placed")]
    time_intervals: Vec<TimeIntervals>,
    /// The same intervals under the older field name.
    #[serde(default, deserialize_with = "all_placed")]
    mute_time_intervals: Vec<TimeIntervals>,
}

/// A node of the routing tree.
#[derive(Clone, Debug, Deserialize)]
pub struct Route {
    /// Its line in the file, counted from 1.
    #[serde(skip)]
    pub line: u64,
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
    #[serde(default, deserialize_with = "all_placed")]
    pub routes: Vec<Route>,
}

impl Config {
    /// Parses a file. `Err`: why it cannot be parsed, in one line or a few.
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
        self.intervals().find(|interval| interval.name == name)
    }

    pub fn intervals(&self) -> impl Iterator<Item = &TimeIntervals> {
        self.time_intervals.iter().chain(&self.mute_time_intervals)
    }

    /// The rule by which `source` keeps `target` from being notified while it fires.
    pub fn silencer(&self, source: &Labels, target: &Labels) -> Option<&InhibitRule> {
        let mut rules = self.inhibit_rules.iter();
        rules.find(|rule| rule.silences(source, target))
    }

    /// Whether `source` keeps `target` from being notified while it fires.
    pub fn silences(&self, source: &Labels, target: &Labels) -> bool {
        self.silencer(source, target).is_some()
    }

    /// The labels that routes ask for, with values that they name: what may be treated differently.
    pub fn mentions(&self) -> BTreeSet<(String, String)> {
        let mut mentions = BTreeSet::new();
        self.route.mentions(&mut mentions);
        mentions
    }
}

impl Route {
    /// Checks that every name that is used is defined.
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

    /// The conditions that an alert must meet to enter this route.
    pub fn conditions(&self) -> Result<Vec<Matcher>, String> {
        conditions(&self.equal, &self.match_re, &self.matchers)
    }

    fn mentions(&self, mentions: &mut BTreeSet<(String, String)>) {
        // The matchers were already parsed once, with the file.
        for matcher in self.conditions().unwrap_or_default() {
            let values = matcher.values().into_iter();
            mentions.extend(values.map(|value| (matcher.label.clone(), value)));
        }
        self.routes
            .iter()
            .for_each(|route| route.mentions(mentions));
    }
}

/// What knows its line in the file.
trait Placed {
    fn line(&mut self) -> &mut u64;
}

/// Implements [`Placed`] for a struct with a field `line`.
macro_rules! placed {
    ($($name:ty),+) => { $(impl Placed for $name {
        fn line(&mut self) -> &mut u64 {
            &mut self.line
        }
    })+ };
}
placed!(Route, Receiver, InhibitRule, TimeIntervals);

fn placed<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Placed,
    D: Deserializer<'de>,
{
    Spanned::deserialize(deserializer).map(with_line)
}

fn all_placed<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de> + Placed,
    D: Deserializer<'de>,
{
    let all: Option<Vec<Spanned<T>>> = Option::deserialize(deserializer)?;
    Ok(all.into_iter().flatten().map(with_line).collect())
}

fn with_line<T: Placed>(spanned: Spanned<T>) -> T {
    let mut it = spanned.value;
    *it.line() = spanned.referenced.line();
    it
}
