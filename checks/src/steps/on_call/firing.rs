//! Alerts that fire, with all that a message should say about them.

use serde_json::{Value, json};

use crate::{
    harness::random::{random_number, random_word},
    tools::alertmanager::matcher::Labels,
};

use super::alerts::with_instance;

/// What a description begins with, before the value: as long as that of a colleague who explains something.
pub const DESCRIPTION: &str = "It has lasted for some minutes now";

/// An alert that fires, with everything that a message should contain, all of it random.
#[derive(Clone)]
pub struct Firing {
    pub labels: Labels,
    pub summary: String,
    pub value: String,
    pub runbook: String,
}

impl Firing {
    /// `runbook` is the last word of its address.
    pub fn new(labels: Labels, summary: &str, runbook: &str) -> Firing {
        Firing {
            labels,
            summary: summary.to_owned(),
            // A fixed length, so that messages wrap alike.
            value: format!("0.{}", random_number(100_000..1_000_000)),
            runbook: format!("https://example.com/docs/runbooks/{runbook}.md"),
        }
    }

    /// An alert with a summary and a runbook of its own.
    pub fn invented(labels: Labels) -> Firing {
        Firing::new(
            labels,
            &format!("Summary {}", random_word()),
            &random_word(),
        )
    }

    /// One incident on three instances, with a summary and a runbook of its own.
    pub fn on_three_instances(labels: &Labels) -> [Firing; 3] {
        let (summary, runbook) = (format!("Summary {}", random_word()), random_word());
        let mut alerts =
            [(); 3].map(|()| Firing::new(with_instance(labels.clone()), &summary, &runbook));
        // As Alertmanager lists them.
        alerts.sort_by_key(|alert| alert.labels["instance"].clone());
        alerts
    }

    pub fn name(&self) -> &str {
        &self.labels["alertname"]
    }

    /// The alert in the format of Alertmanager's API. `over`: it has just ended.
    pub fn posted(&self, over: bool) -> Value {
        let mut alert = json!({
            "labels": self.labels,
            "annotations": {
                "summary": self.summary,
                "description": format!("{DESCRIPTION}: the value is {}", self.value),
                "runbook_url": self.runbook,
            },
            "generatorURL": "http://localhost:9090/graph",
        });
        if over {
            alert["endsAt"] = json!(jiff::Timestamp::now().to_string());
        }
        alert
    }

    /// Whether a text is about this particular alert.
    pub fn is_in(&self, text: &str) -> bool {
        text.contains(&self.value) || text.contains(&self.summary)
    }

    /// Whether Alertmanager suppresses it.
    pub fn is_suppressed(&self, groups: &[Value]) -> bool {
        let ours = json!(self.labels);
        groups
            .iter()
            .filter_map(|group| group["alerts"].as_array())
            .flatten()
            .any(|alert| alert["labels"] == ours && alert["status"]["state"] == "suppressed")
    }
}
