//! Alerts in Prometheus's API.

use std::collections::BTreeMap;

use serde::Deserialize;

/// An alert that is pending or firing.
#[derive(Clone, Debug, Deserialize)]
pub struct Alert {
    pub labels: BTreeMap<String, String>,
    /// `pending` or `firing`.
    pub state: String,
}

impl Alert {
    pub fn name(&self) -> &str {
        self.label("alertname")
    }

    /// A label's value; empty if the label is missing, as in Prometheus.
    pub fn label(&self, name: &str) -> &str {
        self.labels.get(name).map_or("", String::as_str)
    }
}
