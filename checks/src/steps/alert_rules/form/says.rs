//! What an alert says beside its expression: how long it waits, how urgent it is, and what somebody reads.

use promql_parser::util::parse_duration;

use super::Form;
use crate::{
    check::Failure,
    steps::alert_rules::{
        promql::uses,
        rules::{Entry, Rule},
    },
};

/// Metrics that say yes or no.
const YES_OR_NO: [&str; 2] = ["db_up", "up"];

impl Form<'_> {
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
