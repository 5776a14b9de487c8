//! The learner's `alerts.yml`, as YAML and PromQL, before any tool of Prometheus has seen it.

use std::{collections::BTreeMap, fs, path::Path};

use promql_parser::parser::{self, Expr};
use serde::Deserialize;

use crate::{check::Failure, http::printable};

/// All rules of the file, in its order.
pub struct Rules {
    /// The file as it is.
    pub text: String,
    pub rules: Vec<Rule>,
}

pub struct Rule {
    pub says: Entry,
    /// What `expr` says.
    pub expr: Expr,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    groups: Option<Vec<Group>>,
}

#[derive(Deserialize)]
struct Group {
    rules: Option<Vec<Entry>>,
}

/// One rule as it is written. Prometheus, too, refuses fields that it does not know.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub alert: Option<String>,
    pub record: Option<String>,
    pub expr: String,
    #[serde(rename = "for")]
    pub waits: Option<String>,
    #[serde(rename = "keep_firing_for")]
    _goes_on: Option<String>,
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
}

impl Rules {
    /// Reads the file at `path`, which the learner knows as `name`.
    pub fn read(path: &Path, name: &str) -> Result<Rules, Failure> {
        let failure = |found: String, perhaps: &str| Failure {
            perhaps: (!perhaps.is_empty()).then(|| perhaps.to_owned()),
            ..unloadable(name, found)
        };
        let text = fs::read_to_string(path).map_err(|error| {
            failure(
                format!("the file cannot be read: {}", error.kind()),
                "it was renamed, or moved",
            )
        })?;
        let file: File = serde_saphyr::from_str(&text).map_err(|error| {
            let said = error.to_string();
            let perhaps = match said.contains("unknown field") {
                true => "Prometheus has a place for each field, and refuses what it does not know there",
                false => "its lines are indented otherwise than meant, or a text that holds `{{` or `: ` is not in quotation marks",
            };
            failure(said, perhaps)
        })?;
        let groups = file.groups.unwrap_or_default();
        let entries = groups
            .into_iter()
            .flat_map(|group| group.rules.unwrap_or_default());
        let mut rules = Vec::new();
        for says in entries {
            let expr = parser::parse(&says.expr)
                .map_err(|error| failure(format!("{}: {error}\n{}", says.name(), says.expr), ""))?;
            rules.push(Rule { says, expr });
        }
        if !rules.iter().any(|rule| rule.says.alert.is_some()) {
            return Err(failure(
                "no alert in it".to_owned(),
                "signals.rs is one half of this step, and the rules are the other",
            ));
        }
        Ok(Rules { text, rules })
    }

    /// Those that tell somebody.
    pub fn alerts(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(|rule| rule.says.alert.is_some())
    }
}

/// What is said about a file that Prometheus does not load.
pub fn unloadable(name: &str, found: String) -> Failure {
    Failure {
        expected: format!("{name} holds rules that Prometheus can load"),
        found: printable(&found),
        how: format!("promtool check rules {name}"),
        perhaps: None,
    }
}

impl Entry {
    pub fn name(&self) -> &str {
        let name = self.alert.as_ref().or(self.record.as_ref());
        name.map_or("a rule without a name", String::as_str)
    }
}
