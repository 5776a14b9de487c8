//! Which alerts silence which.

use super::{
    config::{Config, InhibitRule, Labels},
    matcher::Matcher,
};

impl Config {
    /// Whether `target` is not told while `source` fires.
    pub fn silences(&self, source: &Labels, target: &Labels) -> bool {
        self.inhibit_rules
            .iter()
            .any(|rule| rule.silences(source, target))
    }
}

impl InhibitRule {
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
