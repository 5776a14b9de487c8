//! What an alert says besides its expression: how long it waits, its severity, and its annotations.

use std::time::Duration;

use promql_parser::util::parse_duration;

use super::Form;
use crate::{
    check::Failure,
    steps::alert_rules::rules::{Entry, NOBODY, Rule},
    tools::prometheus::promql::uses,
};

/// The longest time between two evaluations that still lets a page be told in time.
const MOST: Duration = Duration::from_secs(120);

/// Metrics with boolean values.
const YES_OR_NO: [&str; 2] = ["db_up", "up"];

impl Form<'_> {
    /// No label contains a value that changes.
    pub fn labels_stay(&self) -> Result<(), Failure> {
        self.each_alert("labels that stay the same while it fires", |says, _| {
            let changing = says.labels.iter().find(|(_, value)| {
                value.contains("$value") || value.contains(".Value")
            });
            changing.map(|(label, value)| {
                (
                    format!("the label {label} says {value}"),
                    "an alert is recognised by its labels: with each new value it is another alert, whose `for` starts again; a value belongs into an annotation",
                )
            })
        })
    }

    pub fn waits(&self) -> Result<(), Failure> {
        self.each_alert("a `for` of some duration, and is evaluated every minute", |says, rule| {
            if rule.is_watchdog() {
                return None;
            }
            if let Some(found) = evaluated_late(rule) {
                return Some((found, "an outage of five minutes lies between two evaluations: leave it out, and it is one minute"));
            }
            let found = match says.waits.as_deref() {
                Some(waits) if parse_duration(waits).is_ok_and(|waits| !waits.is_zero()) => {
                    return None;
                }
                Some(waits) => format!("for: {waits}"),
                None => "no `for`".to_owned(),
            };
            Some((found, "without it a single scrape wakes a person"))
        })
    }

    pub fn says_how_urgent(&self) -> Result<(), Failure> {
        self.each_alert(
            "the label severity, either page or ticket",
            |says, _| match says.labels.get("severity").map(String::as_str) {
                Some("page" | "ticket" | NOBODY) => None,
                // Another check is about what changes.
                Some(template) if template.contains("{{") => None,
                Some(other) => Some((
                    format!("severity: {other}"),
                    "Alertmanager needs to know one thing: may it wait until the morning?",
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
                        "it is the first thing that a person reads who was asleep a minute ago",
                    ));
                }
            }
            let description = &says.annotations["description"];
            let shows = |what: &[&str]| what.iter().any(|what| description.contains(what));
            let value = shows(&["$value", ".Value", "query "]);
            // A boolean value adds nothing to the alert: the labels say more.
            let yes_or_no = uses(&rule.expr)
                .series
                .iter()
                .all(|series| YES_OR_NO.contains(&series.name.as_str()));
            let enough = value || rule.is_watchdog() || yes_or_no && shows(&["$labels", ".Labels"]);
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
                        "what does the person who is woken do first?",
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

    /// `look` returns what is wrong with an alert, and the likely cause.
    fn each_alert(
        &self,
        expected: &str,
        look: impl Fn(&Entry, &Rule) -> Option<(String, &'static str)>,
    ) -> Result<(), Failure> {
        for rule in self.rules.alerts() {
            if let Some((found, perhaps)) = look(&rule.says, rule) {
                return Err(Failure::new(
                    format!("every alert has {expected}"),
                    format!(
                        "{}: {}: {found}",
                        self.rules.place_of(rule, word_of(&found)),
                        rule.says.name()
                    ),
                    self.rules.shows(rule),
                )
                .perhaps(perhaps));
            }
        }
        Ok(())
    }
}

/// What begins the line that a finding is about: `severity` of `severity: critical`.
fn word_of(found: &str) -> &str {
    let words = [
        "severity",
        "for",
        "runbook_url",
        "description",
        "interval",
        "query_offset",
    ];
    let begins = |word: &&&str| found.starts_with(&format!("{word}:"));
    words.iter().find(begins).copied().unwrap_or("alert:")
}

/// The setting of its group that makes an alert late. A ticket may be.
fn evaluated_late(rule: &Rule) -> Option<String> {
    let is_ticket = rule
        .says
        .labels
        .get("severity")
        .is_some_and(|severity| severity == "ticket");
    let settings = [
        ("interval", &rule.group.interval),
        ("query_offset", &rule.group.query_offset),
    ];
    let late = settings.into_iter().find_map(|(name, value)| {
        let value = value.as_deref()?;
        let late = parse_duration(value).is_ok_and(|value| value > MOST);
        late.then(|| format!("{name}: {value}, in its group"))
    });
    late.filter(|_| !is_ticket)
}
