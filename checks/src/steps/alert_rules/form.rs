//! What can be seen in the rules without running them, and what exists in the learner's own `/metrics`.

mod says;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::rules::{Rule, Rules};
use crate::{
    check::Failure,
    harness::launch::Launch,
    tools::prometheus::promql::{Series, Uses, uses},
};

/// What Prometheus adds to every series of a target, and the name that the lesson gives to the service.
const TARGET_LABELS: [&str; 2] = ["instance", "job"];
const JOB: &str = "app";

/// Metrics that Prometheus generates itself.
const OWN: [(&str, &[&str]); 3] = [
    ("up", &[]),
    ("ALERTS", &["alertname", "alertstate", "severity"]),
    ("ALERTS_FOR_STATE", &["alertname", "severity"]),
];

/// Exists only with a memory limit, which this machine may not have.
const LIMIT: &str = "process_memory_limit_bytes";

/// The rules, and what they may speak of.
pub struct Form<'a> {
    pub rules: &'a Rules,
    pub root: &'a Path,
    /// The labels of every metric in the learner's `/metrics`, by its name.
    pub exposed: BTreeMap<String, BTreeSet<String>>,
    /// How the service was started that exposes them.
    pub launch: &'a Launch,
}

impl Form<'_> {
    pub fn metrics_exist(&self) -> Result<(), Failure> {
        for rule in &self.rules.rules {
            for series in uses(&rule.expr).series {
                if self.labels_of(&series.name).is_none() {
                    return Err(Failure::new(
                        "every metric that a rule asks for is one that somebody exposes",
                        format!("{} asks for {}", rule.says.name(), series.name),
                        self.how_to_look(&series.name),
                    )
                    .perhaps(self.alike(&series.name)));
                }
            }
        }
        Ok(())
    }

    pub fn labels_exist(&self) -> Result<(), Failure> {
        for rule in &self.rules.rules {
            let uses = uses(&rule.expr);
            for series in &uses.series {
                self.matchers_can_match(rule, series)?;
            }
            self.groups_can_form(rule, &uses)?;
        }
        Ok(())
    }

    fn matchers_can_match(&self, rule: &Rule, series: &Series) -> Result<(), Failure> {
        let Some(Some(labels)) = self.labels_of(&series.name) else {
            return Ok(());
        };
        for matcher in &series.matchers {
            let failure = |perhaps: String| {
                Failure::new(
                    "every label that a rule asks for is one that its metric has",
                    format!("{} asks for {}{{{matcher}}}", rule.says.name(), series.name),
                    self.how_to_look(&series.name),
                )
                .perhaps(perhaps)
            };
            if matcher.name == "job" && !matcher.is_match(JOB) {
                return Err(failure(format!(
                    "Prometheus knows the service as job=\"{JOB}\""
                )));
            }
            if matcher.name != "__name__" && !labels.contains(&matcher.name) {
                return Err(failure(format!(
                    "{} has the labels {}",
                    series.name,
                    in_words(&labels)
                )));
            }
        }
        Ok(())
    }

    fn groups_can_form(&self, rule: &Rule, uses: &Uses) -> Result<(), Failure> {
        let mut known = uses.made.clone();
        for series in &uses.series {
            match self.labels_of(&series.name) {
                Some(Some(labels)) => known.extend(labels),
                // Recorded: it has whatever labels its rule leaves.
                _ => return Ok(()),
            }
        }
        let Some(unknown) = uses.labels.iter().find(|label| !known.contains(*label)) else {
            return Ok(());
        };
        let first = uses.series.first().map_or("", |series| &series.name);
        Err(Failure::new(
            "every label that a rule groups by is one that its metrics have",
            format!("{} groups by {unknown}", rule.says.name()),
            self.how_to_look(first),
        )
        .perhaps(format!("there are {}", in_words(&known))))
    }

    /// `None`: there is no such metric. `Some(None)`: a rule records it, with labels of its own.
    fn labels_of(&self, name: &str) -> Option<Option<BTreeSet<String>>> {
        let recorded = |rule: &Rule| rule.says.record.as_deref() == Some(name);
        if self.rules.rules.iter().any(recorded) {
            return Some(None);
        }
        let own = OWN.iter().find(|(own, _)| *own == name);
        let own = own.map(|(_, labels)| labels.iter().map(|label| (*label).to_owned()).collect());
        let limit = || (name == LIMIT).then(BTreeSet::new);
        let exposed = || self.exposed.get(name).cloned();
        let mut labels: BTreeSet<String> = own.or_else(exposed).or_else(limit)?;
        labels.extend(TARGET_LABELS.map(str::to_owned));
        Some(Some(labels))
    }

    /// What `name` may have been meant to be.
    fn alike(&self, name: &str) -> String {
        let words: Vec<&str> = name.split('_').filter(|word| word.len() > 2).collect();
        let shared = |other: &String| words.iter().filter(|word| other.contains(**word)).count();
        let nearest = self.exposed.keys().max_by_key(|other| shared(other));
        match nearest.filter(|other| shared(other) > words.len() / 2) {
            Some(nearest) => format!("there is {nearest}"),
            None => "an alert about a metric that nobody exposes never fires, and says nothing"
                .to_owned(),
        }
    }

    fn how_to_look(&self, metric: &str) -> String {
        let ask = format!("curl -s http://127.0.0.1:8000/metrics | grep {metric}");
        self.launch.then(&ask)
    }
}

fn in_words(labels: &BTreeSet<String>) -> String {
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    labels.join(", ")
}
