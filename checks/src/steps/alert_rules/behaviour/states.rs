//! What alerts do in a scenario.

#[cfg(doc)]
use crate::steps::alert_rules::scenarios::Scenario;
use crate::tools::prometheus::exposition::Labels;

/// The states of the alerts in one scenario.
#[derive(Clone, Default)]
pub struct AlertStates {
    /// Those that fired at some time.
    pub fired: Vec<Alert>,
    /// Those that fired before it was over.
    pub in_time: Vec<Alert>,
    /// Those that were pending at some time.
    pub pending: Vec<Alert>,
    /// Those that fire at the end of it and are for no person: severity none.
    pub watchdogs: Vec<Alert>,
    /// Those that still fire half an hour after the end of it.
    pub still: Vec<Alert>,
    /// The names of those that fire at the end of it, and their annotations; only of scenarios that are told, see [`Scenario::is_told`].
    pub told: Vec<(String, Labels)>,
    /// Why Prometheus could not evaluate a rule.
    pub broken: Option<String>,
}

impl AlertStates {
    /// Adds those of other alerts in the same scenario.
    pub fn add(&mut self, more: &AlertStates) {
        self.fired.extend_from_slice(&more.fired);
        self.in_time.extend_from_slice(&more.in_time);
        self.pending.extend_from_slice(&more.pending);
        self.watchdogs.extend_from_slice(&more.watchdogs);
        self.still.extend_from_slice(&more.still);
        self.told.extend_from_slice(&more.told);
        self.broken = self.broken.take().or_else(|| more.broken.clone());
    }
}

/// An alert, by the labels that it had.
#[derive(Clone, PartialEq, Eq)]
pub struct Alert {
    pub labels: Labels,
}

impl Alert {
    pub fn name(&self) -> &str {
        self.label("alertname")
    }

    pub fn label(&self, name: &str) -> &str {
        self.labels.get(name).map_or("", String::as_str)
    }
}
