//! The alerts of step 6 as Alertmanager receives them: with the labels that their rules keep.

use crate::{
    harness::random::random_word,
    steps::alert_rules::rules::NOBODY,
    tools::alertmanager::{any_hour::ANY_HOUR, config::Config, matcher::Labels},
};

/// An alert's name, its severity, and whether its rule keeps the instance.
type Kind = (&'static str, &'static str, bool);

pub const DATABASE: Kind = ("DatabaseDown", "page", true);
/// A ratio over all instances.
pub const ERRORS: Kind = ("HighErrorRatio", "page", false);
pub const MEMORY: Kind = ("MemoryHigh", "ticket", true);
/// By `absent(up)`; by `up == 0` it has an instance, see [`with_instance`].
pub const GONE: Kind = ("TargetGone", "page", false);

/// Extras of step 6.
pub const POOL: Kind = ("PoolUsedUp", "page", true);
const SLOW: Kind = ("SlowAnswers", "ticket", false);
const BUDGET: Kind = ("BudgetBurns", "ticket", false);

/// An extra of step 6. It has neither a job nor an instance.
pub const WATCHDOG: [(&str, &str); 2] = [("alertname", "Watchdog"), ("severity", NOBODY)];

pub const ALL: [Kind; 4] = [DATABASE, ERRORS, MEMORY, GONE];

pub const JOB: &str = "app";

/// The labels of an alert about `job`; each call invents a new instance.
pub fn labels((name, severity, by_instance): Kind, job: &str) -> Labels {
    let pairs = [("alertname", name), ("severity", severity), ("job", job)];
    let mut labels: Labels = pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    if by_instance {
        labels = with_instance(labels);
    }
    labels
}

/// The labels of the alert of step 6 with this name.
pub fn labels_named(name: &str) -> Option<Labels> {
    let kind = ALL.into_iter().find(|(known, ..)| *known == name)?;
    Some(labels(kind, JOB))
}

/// The same alert about one instance.
pub fn with_instance(mut labels: Labels) -> Labels {
    let instance = format!("{}:8000", random_word());
    labels.insert("instance".to_owned(), instance);
    labels
}

/// The same alert on the routes that have lost their hours, see [`any_hour`](crate::tools::alertmanager::any_hour).
pub fn at_any_hour(mut labels: Labels) -> Labels {
    let (name, value) = ANY_HOUR;
    labels.insert(name.to_owned(), value.to_owned());
    labels
}

/// An alert of this severity that is not from step 6.
pub fn invented(severity: &str) -> Labels {
    let mut labels = labels((DATABASE.0, "", false), JOB);
    labels.insert("alertname".to_owned(), format!("Alert{}", random_word()));
    match severity {
        "" => labels.remove("severity"),
        severity => labels.insert("severity".to_owned(), severity.to_owned()),
    };
    labels
}

/// Alerts of this severity that differ in all that may matter: those of step 6, and others that a colleague may add tomorrow, with and
/// without an instance, of this service and of another one, and with each label that a route of the file matches.
pub fn sample_alerts(severity: &str, config: &Config) -> Vec<Labels> {
    let known = ALL.into_iter().chain([POOL, SLOW, BUDGET]);
    let known = known.filter(|(_, its, _)| *its == severity);
    let mut alerts: Vec<Labels> = known.map(|kind| labels(kind, JOB)).collect();
    alerts.extend(alerts.clone().into_iter().map(with_instance));
    alerts.extend([invented(severity), with_instance(invented(severity))]);
    // As in the lesson, where all runs on one machine.
    let mut here = invented(severity);
    here.insert("instance".to_owned(), "localhost:8000".to_owned());
    alerts.push(here);
    let elsewhere = |mut labels: Labels| {
        labels.insert("job".to_owned(), random_word());
        labels
    };
    alerts.extend(alerts.clone().into_iter().map(elsewhere));
    let one = alerts.clone();
    for (label, value) in config.mentions() {
        // A route that names an alert means that one, with its own severity; one that names a severity means other alerts.
        if !["alertname", "severity"].contains(&label.as_str()) && !value.is_empty() {
            alerts.extend(one.iter().cloned().map(|mut labels| {
                labels.insert(label.clone(), value.clone());
                labels
            }));
        }
    }
    alerts
}

/// The same alert under other names, which begin or end like its own.
pub fn namesakes(labels: &Labels) -> [Labels; 4] {
    let name = &labels["alertname"];
    let is_capital = |&(at, letter): &(usize, char)| at > 0 && letter.is_uppercase();
    let second = name.char_indices().find(is_capital).map_or(0, |(at, _)| at);
    let (first, rest) = name.split_at(second);
    let word = random_word();
    let names = [
        format!("{name}{word}"),
        format!("{word}{name}"),
        format!("{first}{word}"),
        format!("{word}{rest}"),
    ];
    let named = |name| {
        let mut labels = labels.clone();
        labels.insert("alertname".to_owned(), name);
        labels
    };
    names.map(named)
}

/// The labels in amtool's format: `alertname=DatabaseDown job=app severity=page`.
pub fn words(labels: &Labels) -> String {
    let words: Vec<String> = labels
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    words.join(" ")
}
