//! The alerts of step 6, as they arrive: with the labels that their rules leave them.

use serde_json::{Value, json};

use crate::{alertmanager::config::Labels, steps::random_word};

use super::weeks::random;

/// An alert's name, its severity, and whether its rule keeps the instance.
type Kind = (&'static str, &'static str, bool);

pub const DATABASE: Kind = ("DatabaseDown", "page", true);
/// A ratio over all instances.
pub const ERRORS: Kind = ("HighErrorRatio", "page", false);
pub const MEMORY: Kind = ("MemoryHigh", "ticket", true);
/// By `absent(up)`; by `up == 0` it has an instance, see [`with_instance`].
pub const GONE: Kind = ("TargetGone", "page", false);

pub const ALL: [Kind; 4] = [DATABASE, ERRORS, MEMORY, GONE];
pub const PAGES: [Kind; 3] = [DATABASE, ERRORS, GONE];

pub const JOB: &str = "app";

/// The labels of an alert about `job`; an instance is a new one each time.
pub fn labels((name, severity, by_instance): Kind, job: &str) -> Labels {
    let pairs = [("alertname", name), ("severity", severity), ("job", job)];
    let mut labels: Labels = pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    if by_instance {
        labels = with_instance(labels);
    }
    labels
}

/// The same alert about one instance.
pub fn with_instance(mut labels: Labels) -> Labels {
    let instance = format!("{}:8000", random_word());
    labels.insert("instance".to_owned(), instance);
    labels
}

/// A page that no rule of step 6 knows.
pub fn invented(severity: &str) -> Labels {
    let mut labels = labels((DATABASE.0, "", false), JOB);
    labels.insert("alertname".to_owned(), format!("Alert{}", random_word()));
    match severity {
        "" => labels.remove("severity"),
        severity => labels.insert("severity".to_owned(), severity.to_owned()),
    };
    labels
}

/// As amtool takes them: `alertname=DatabaseDown job=app severity=page`.
pub fn words(labels: &Labels) -> String {
    let words: Vec<String> = labels
        .iter()
        .filter(|(name, _)| *name != "instance") // it decides nothing
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    words.join(" ")
}

/// An alert that fires, with all that a person is told by it. What it says was never said before.
#[derive(Clone)]
pub struct Firing {
    pub labels: Labels,
    pub summary: String,
    pub value: String,
    pub runbook: String,
}

impl Firing {
    pub fn new(labels: Labels, summary: &str, runbook: &str) -> Firing {
        Firing {
            labels,
            summary: summary.to_owned(),
            // Of one length, so that messages break alike.
            value: format!("0.{}", 100_000 + random() % 900_000),
            runbook: runbook.to_owned(),
        }
    }

    pub fn name(&self) -> &str {
        &self.labels["alertname"]
    }

    /// For Alertmanager's API. `over`: it ended just now.
    pub fn posted(&self, over: bool) -> Value {
        let mut alert = json!({
            "labels": self.labels,
            "annotations": {
                "summary": self.summary,
                "description": format!("the value is {}", self.value),
                "runbook_url": self.runbook,
            },
            "generatorURL": "http://localhost:9090/graph",
        });
        if over {
            alert["endsAt"] = json!(jiff::Timestamp::now().to_string());
        }
        alert
    }

    /// Whether a text is about this very alert.
    pub fn is_in(&self, text: &str) -> bool {
        text.contains(&self.value) || text.contains(&self.summary)
    }

    /// What Alertmanager makes of it: whether it keeps it to itself.
    pub fn is_suppressed(&self, groups: &[Value]) -> bool {
        let ours = json!(self.labels);
        groups
            .iter()
            .filter_map(|group| group["alerts"].as_array())
            .flatten()
            .any(|alert| alert["labels"] == ours && alert["status"]["state"] == "suppressed")
    }
}
