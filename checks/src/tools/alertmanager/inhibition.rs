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

    /// Whether an alert with these labels meets the conditions on both sides. Another one that does, too, neither silences it nor is
    /// silenced by it.
    pub fn takes_for_both(&self, labels: &Labels) -> bool {
        let holds = |side: Result<Vec<Matcher>, String>| {
            side.is_ok_and(|matchers| matchers.iter().all(|one| one.holds(labels)))
        };
        holds(self.source()) && holds(self.target())
    }

    /// Whether `source` keeps `target` from being notified while it fires.
    pub(super) fn silences(&self, source: &Labels, target: &Labels) -> bool {
        // The matchers were already parsed once, with the file.
        let sources = self.source().unwrap_or_default();
        let targets = self.target().unwrap_or_default();
        let all = |matchers: &[Matcher], labels| matchers.iter().all(|one| one.holds(labels));
        // Otherwise such an alert would silence itself.
        let both = |labels| self.takes_for_both(labels);
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
