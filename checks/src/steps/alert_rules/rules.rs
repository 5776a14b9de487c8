//! The learner's `alerts.yml`, as YAML and PromQL, before any tool of Prometheus has seen it.

mod alone;
mod place;

use std::{collections::BTreeMap, fs, path::Path};

use promql_parser::parser::Expr;
use serde::Deserialize;
use serde_saphyr::Spanned;

use crate::{check::Failure, harness::text::printable, tools::prometheus::promql};

/// The severity of an alert that is for a program, and for no person: the watchdog's.
pub const NOBODY: &str = "none";

/// All rules of the file, in its order.
pub struct Rules {
    /// The file as it is.
    pub text: String,
    /// The learner's name for the file.
    pub file: String,
    pub rules: Vec<Rule>,
}

pub struct Rule {
    /// The line on which it begins, counted from 1.
    pub line: usize,
    /// The column of its first field, counted from 1.
    column: usize,
    pub group: Settings,
    pub says: Entry,
    /// What `expr` says.
    pub expr: Expr,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    groups: Option<Vec<Group>>,
}

impl File {
    /// All rules, each with what its group says.
    fn entries(self) -> impl Iterator<Item = (Settings, Spanned<Entry>)> {
        let groups = self.groups.unwrap_or_default().into_iter();
        groups.flat_map(|group| {
            let settings = Settings {
                interval: group.interval,
                query_offset: group.query_offset,
                labels: group.labels,
            };
            let entries = group.rules.unwrap_or_default().into_iter();
            entries.map(move |entry| (settings.clone(), entry))
        })
    }
}

#[derive(Deserialize)]
struct Group {
    // Not as `Settings` with `flatten`, which forgets the lines of the rules.
    interval: Option<String>,
    query_offset: Option<String>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    rules: Option<Vec<Spanned<Entry>>>,
}

/// What a group says about all its rules.
#[derive(Clone, PartialEq)]
pub struct Settings {
    pub interval: Option<String>,
    pub query_offset: Option<String>,
    labels: BTreeMap<String, String>,
}

/// One rule as it is written. Prometheus, too, refuses fields that it does not know.
#[derive(Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub alert: Option<String>,
    pub record: Option<String>,
    pub expr: String,
    #[serde(rename = "for")]
    pub waits: Option<String>,
    #[serde(rename = "keep_firing_for")]
    pub goes_on: Option<String>,
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
}

impl Rules {
    /// Reads the file at `path`, which the learner knows as `name`.
    pub fn read(path: &Path, name: &str) -> Result<Rules, Failure> {
        let text = fs::read_to_string(path).map_err(|error| {
            unloadable(name, format!("the file cannot be read: {}", error.kind()))
                .perhaps("it was renamed, or moved")
        })?;
        Rules::of(text, name)
    }

    /// Reads `text`, the content of the file that the learner knows as `name`.
    fn of(text: String, name: &str) -> Result<Rules, Failure> {
        let failure = |found: String, perhaps: &str| {
            unloadable(name, found).perhaps_if((!perhaps.is_empty()).then(|| perhaps.to_owned()))
        };
        let file: File = serde_saphyr::from_str(&text).map_err(|error| {
            let said = error.to_string();
            let unknown =
                "Prometheus has a place for each field, and refuses what it does not know there";
            let indented = "its lines are indented otherwise than meant, or a text that holds `{{` or `: ` is not in quotation marks";
            let perhaps = if said.contains("unknown field") {
                unknown
            } else {
                indented
            };
            failure(said, perhaps)
        })?;
        let mut rules = Vec::new();
        for (group, entry) in file.entries() {
            let (line, column) = (
                entry.referenced.line() as usize,
                entry.referenced.column() as usize,
            );
            let mut says = entry.value;
            for (label, value) in &group.labels {
                says.labels
                    .entry(label.clone())
                    .or_insert_with(|| value.clone());
            }
            let expr = promql::parse(&says.expr).map_err(|error| {
                let place = format!("alerts.yml:{line}");
                failure(
                    format!("{place}: {}: {error}\n{}", says.name(), says.expr),
                    "",
                )
            })?;
            rules.push(Rule {
                line,
                column,
                group,
                says,
                expr,
            });
        }
        if !rules.iter().any(|rule| rule.says.alert.is_some()) {
            return Err(failure(
                "no alert in it".to_owned(),
                "signals.rs is one half of this step, and the rules are the other",
            ));
        }
        Ok(Rules {
            text,
            file: name.to_owned(),
            rules,
        })
    }

    /// The alerting rules.
    pub fn alerts(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(|rule| rule.says.alert.is_some())
    }
}

/// The failure for a file that Prometheus does not load.
pub fn unloadable(name: &str, found: String) -> Failure {
    Failure::new(
        format!("{name} holds rules that Prometheus can load"),
        printable(&found),
        format!("promtool check rules {name}"),
    )
}

impl Entry {
    pub fn name(&self) -> &str {
        let name = self.alert.as_ref().or(self.record.as_ref());
        name.map_or("a rule without a name", String::as_str)
    }

    /// Whether it is for a program, and for no person.
    pub fn is_for_nobody(&self) -> bool {
        self.labels.get("severity").is_some_and(|it| it == NOBODY)
    }
}
