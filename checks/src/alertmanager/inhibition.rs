//! Which alerts silence which.

use serde::Deserialize;

use super::{
    config::{Config, Labels, conditions},
    matcher::Matcher,
};

/// One rule.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct InhibitRule {
    source_match: Labels,
    source_match_re: Labels,
    source_matchers: Vec<String>,
    target_match: Labels,
    target_match_re: Labels,
    target_matchers: Vec<String>,
    pub equal: Vec<String>,
}

impl Config {
    /// Whether `target` is not told while `source` fires.
    pub fn silences(&self, source: &Labels, target: &Labels) -> bool {
        self.inhibit_rules
            .iter()
            .any(|rule| rule.silences(source, target))
    }
}

impl InhibitRule {
    /// What the alert must be that silences others.
    pub fn source(&self) -> Result<Vec<Matcher>, String> {
        conditions(
            &self.source_match,
            &self.source_match_re,
            &self.source_matchers,
        )
    }

    /// What the alert must be that is silenced.
    pub fn target(&self) -> Result<Vec<Matcher>, String> {
        conditions(
            &self.target_match,
            &self.target_match_re,
            &self.target_matchers,
        )
    }

    fn silences(&self, source: &Labels, target: &Labels) -> bool {
        // They were read before, when the file was.
        let sources = self.source().unwrap_or_default();
        let targets = self.target().unwrap_or_default();
        let all = |matchers: &[Matcher], labels| matchers.iter().all(|one| one.holds(labels));
        // An alert that is both cannot be silenced by another that is both: or it would silence itself.
        let both = |labels| all(&sources, labels) && all(&targets, labels);
        // A label that is missing on both sides is the same on both.
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
