//! Which alerts silence which.

use serde::Deserialize;

use super::matcher::{Labels, Matcher, conditions};

/// One inhibition rule.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct InhibitRule {
    /// Its line in the file, counted from 1.
    #[serde(skip)]
    pub line: u64,
    source_match: Labels,
    source_match_re: Labels,
    source_matchers: Vec<String>,
    target_match: Labels,
    target_match_re: Labels,
    target_matchers: Vec<String>,
    pub equal: Vec<String>,
}

impl InhibitRule {
    /// The conditions on the alert that silences others.
    pub fn source(&self) -> Result<Vec<Matcher>, String> {
        conditions(
            &self.source_match,
            &self.source_match_re,
            &self.source_matchers,
        )
    }

    /// The conditions on the alert that is silenced.
    pub fn target(&self) -> Result<Vec<Matcher>, String> {
        conditions(
            &self.target_match,
            &self.target_match_re,
            &self.target_matchers,
        )
    }

    /// Whether `source` keeps `target` from being notified while it fires.
    pub(super) fn silences(&self, source: &Labels, target: &Labels) -> bool {
        // The matchers were already parsed once, with the file.
        let sources = self.source().unwrap_or_default();
        let targets = self.target().unwrap_or_default();
        let all = |matchers: &[Matcher], labels| matchers.iter().all(|one| one.holds(labels));
        // An alert that matches both sides cannot be silenced by another one that does: otherwise it would silence itself.
        let both = |labels| all(&sources, labels) && all(&targets, labels);
        // A label that is missing on both sides counts as equal.
        let value = |labels: &Labels, name: &str| labels.get(name).cloned().unwrap_or_default();
        all(&sources, source)
            && all(&targets, target)
            && !(both(source) && both(target))
            && self
                .equal
                .iter()
                .all(|name| value(source, name) == value(target, name))
    }
}
