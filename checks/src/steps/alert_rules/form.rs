//! What can be seen in the rules without running them, and what exists in the learner's own `/metrics`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use promql_parser::util::parse_duration;

use super::{
    promql::{Series, Uses, uses},
    rules::{Entry, Rule, Rules},
};
use crate::check::Failure;

/// What Prometheus adds to every series of a target, and the name that the lesson gives to the service.
const TARGET_LABELS: [&str; 2] = ["instance", "job"];
const JOB: &str = "app";

/// What there is without the service: Prometheus makes these itself.
const OWN: [(&str, &[&str]); 3] = [
    ("up", &[]),
    ("ALERTS", &["alertname", "alertstate", "severity"]),
    ("ALERTS_FOR_STATE", &["alertname", "severity"]),
];

/// Only where there is a limit, and here may be none.
const LIMIT: &str = "process_memory_limit_bytes";

/// Metrics that say yes or no.
const YES_OR_NO: [&str; 2] = ["db_up", "up"];

/// The rules, and what they may speak of.
pub struct Form<'a> {
    pub rules: &'a Rules,
    /// What the learner knows the file as.
    pub file: &'a str,
    pub root: &'a Path,
    /// The labels of every metric in the learner's `/metrics`, by its name.
    pub exposed: BTreeMap<String, BTreeSet<String>>,
    pub package: &'a str,
}

impl Form<'_> {
    pub fn metrics_exist(&self) -> Result<(), Failure> {
        for rule in &self.rules.rules {
            for series in uses(&rule.expr).series {
                if self.labels_of(&series.name).is_none() {
                    return Err(Failure {
                        expected: "every metric that a rule asks for is one that somebody exposes"
                            .to_owned(),
                        found: format!("{} asks for {}", rule.says.name(), series.name),
                        how: self.how_to_look(&series.name),
                        perhaps: Some(self.alike(&series.name)),
                    });
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
            let failure = |perhaps: String| Failure {
                expected: "every label that a rule asks for is one that its metric has".to_owned(),
                found: format!("{} asks for {}{{{matcher}}}", rule.says.name(), series.name),
                how: self.how_to_look(&series.name),
                perhaps: Some(perhaps),
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
        Err(Failure {
            expected: "every label that a rule groups by is one that its metrics have".to_owned(),
            found: format!("{} groups by {unknown}", rule.says.name()),
            how: self.how_to_look(first),
            perhaps: Some(format!("there are {}", in_words(&known))),
        })
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

    /// What somebody may have meant who wrote `name`.
    fn alike(&self, name: &str) -> String {
        let words: Vec<&str> = name.split('_').filter(|word| word.len() > 2).collect();
        let shared = |other: &String| words.iter().filter(|word| other.contains(**word)).count();
        let nearest = self.exposed.keys().max_by_key(|other| shared(other));
        match nearest.filter(|other| shared(other) > 1) {
            Some(nearest) => format!("there is {nearest}"),
            None => "an alert about a metric that nobody exposes never fires, and says nothing"
                .to_owned(),
        }
    }

    fn how_to_look(&self, metric: &str) -> String {
        format!(
            "cargo run -p {}\ncurl -s http://127.0.0.1:8000/metrics | grep {metric}",
            self.package
        )
    }

    /// No label holds what changes.
    pub fn labels_stay(&self) -> Result<(), Failure> {
        self.each_alert("labels that stay the same while it fires", |says, _| {
            let changing = says.labels.iter().find(|(_, value)| {
                value.contains("$value") || value.contains(".Value")
            });
            changing.map(|(label, value)| {
                (
                    format!("the label {label} says {value}"),
                    "labels are what an alert is recognised by: with each new value it is another one, whose `for` begins anew; a value belongs into an annotation",
                )
            })
        })
    }

    pub fn waits(&self) -> Result<(), Failure> {
        self.each_alert("a `for` of some duration", |says, _| {
            let found = match says.waits.as_deref() {
                Some(waits) if parse_duration(waits).is_ok_and(|waits| !waits.is_zero()) => {
                    return None;
                }
                Some(waits) => format!("for: {waits}"),
                None => "no `for`".to_owned(),
            };
            Some((found, "without it a single scrape wakes somebody"))
        })
    }

    pub fn says_how_urgent(&self) -> Result<(), Failure> {
        self.each_alert(
            "the label severity, either page or ticket",
            |says, _| match says.labels.get("severity").map(String::as_str) {
                Some("page" | "ticket") => None,
                Some(other) => Some((
                    format!("severity: {other}"),
                    "whoever routes it needs to know one thing: may it wait until the morning?",
                )),
                None if says.annotations.contains_key("severity") => Some((
                    "severity among the annotations".to_owned(),
                    "alerts are routed by labels; annotations are only read",
                )),
                None => Some((
                    "no label severity".to_owned(),
                    "Alertmanager routes by labels",
                )),
            },
        )
    }

    pub fn says_what(&self) -> Result<(), Failure> {
        self.each_alert("a summary, and a description that shows the value", |says, rule| {
            for name in ["summary", "description"] {
                if says.annotations.get(name).is_none_or(|text| text.trim().is_empty()) {
                    return Some((
                        format!("no annotation {name}"),
                        "it is the first thing that somebody reads who was asleep a minute ago",
                    ));
                }
            }
            let description = &says.annotations["description"];
            let shows = |what: &[&str]| what.iter().any(|what| description.contains(what));
            let value = shows(&["$value", ".Value", "query "]);
            // A value of yes or no says nothing that the alert has not said: which one it is says more.
            let yes_or_no = uses(&rule.expr)
                .series
                .iter()
                .all(|series| YES_OR_NO.contains(&series.name.as_str()));
            let enough = value || yes_or_no && shows(&["$labels", ".Labels"]);
            (!enough).then(|| {
                (
                    format!("description: {description}"),
                    "is it 1.1 % or 60 %, and of which instance? It is a template: `$value`, `$labels`",
                )
            })
        })
    }

    pub fn links_a_runbook(&self) -> Result<(), Failure> {
        self.each_alert(
            "the annotation runbook_url, a link to a file of this repository",
            |says, _| {
                let Some(url) = says.annotations.get("runbook_url") else {
                    return Some((
                        "no annotation runbook_url".to_owned(),
                        "what does whoever is woken do first?",
                    ));
                };
                let path = url.split(['#', '?']).next().unwrap_or_default();
                let is_here = |path: &str| path.contains('/') && self.root.join(path).is_file();
                let mut rest = path.split_once("://").map_or(path, |(_, rest)| rest);
                while !is_here(rest.trim_start_matches("./")) {
                    match rest.split_once('/') {
                        Some((_, shorter)) => rest = shorter,
                        None => {
                            return Some((
                                format!("runbook_url: {url}"),
                                "no file of the repository is called so; docs/runbooks/ holds some",
                            ));
                        }
                    }
                }
                None
            },
        )
    }

    /// `look` says what is wrong with an alert, and what may be behind it.
    fn each_alert(
        &self,
        expected: &str,
        look: impl Fn(&Entry, &Rule) -> Option<(String, &'static str)>,
    ) -> Result<(), Failure> {
        for rule in self.rules.alerts() {
            if let Some((found, perhaps)) = look(&rule.says, rule) {
                return Err(Failure {
                    expected: format!("every alert has {expected}"),
                    found: format!("{}: {found}", rule.says.name()),
                    how: format!("the alert {} in {}", rule.says.name(), self.file),
                    perhaps: Some(perhaps.to_owned()),
                });
            }
        }
        Ok(())
    }
}

fn in_words(labels: &BTreeSet<String>) -> String {
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    labels.join(", ")
}
