//! The seven steps, in order.

use crate::{
    check::{Check, Results},
    steps::{alert_rules, container, db_health, health, json_logs, metrics, on_call},
    verify::{Blocked, Subject},
};

/// One step of the course.
pub struct Step {
    /// 1 to 7.
    pub number: usize,
    /// What its checks' ids begin with: `db-health`.
    pub name: &'static str,
    /// Its cargo package: `step02`.
    pub package: &'static str,
    /// Its folder below the root: `steps/02-db-health`.
    pub folder: &'static str,
    /// The file that the learner writes, below the folder, and below `solutions` too.
    pub task: &'static str,
    /// The file beside the code that the learner writes, below the same folders: rules, or who is told.
    pub config: Option<&'static str>,
    /// How what its first check finds begins where nobody has begun.
    pub stub: &'static str,
    /// What is checked, in order.
    pub checks: &'static [Check],
    /// Does it. The outer error is trouble of the self-check's own, never the learner's.
    pub verify: fn(&Subject, &Results) -> anyhow::Result<Result<(), Blocked>>,
}

/// All of them.
pub const STEPS: [Step; 7] = [
    Step {
        number: 1,
        name: "health",
        package: "step01",
        folder: "steps/01-health",
        task: "src/health.rs",
        config: None,
        stub: NOT_STARTED,
        checks: health::CHECKS,
        verify: health::verify,
    },
    Step {
        number: 2,
        name: "db-health",
        package: "step02",
        folder: "steps/02-db-health",
        task: "src/db_health.rs",
        config: None,
        stub: NOT_STARTED,
        checks: db_health::CHECKS,
        verify: db_health::verify,
    },
    Step {
        number: 3,
        name: "container",
        package: "step03",
        folder: "steps/03-container",
        task: "src/healthcheck.rs",
        config: None,
        stub: container::NO_HEALTH,
        checks: container::CHECKS,
        verify: container::verify,
    },
    Step {
        number: 4,
        name: "json-logs",
        package: "step04",
        folder: "steps/04-json-logs",
        task: "src/logs.rs",
        config: None,
        stub: json_logs::PLAIN,
        checks: json_logs::CHECKS,
        verify: json_logs::verify,
    },
    Step {
        number: 5,
        name: "metrics",
        package: "step05",
        folder: "steps/05-metrics",
        task: "src/metrics.rs",
        config: None,
        stub: NOT_STARTED,
        checks: metrics::CHECKS,
        verify: metrics::verify,
    },
    Step {
        number: 6,
        name: "alert-rules",
        package: "step06",
        folder: "steps/06-alert-rules",
        task: "src/signals.rs",
        config: Some("alerts.yml"),
        stub: alert_rules::NO_SIGNAL,
        checks: alert_rules::CHECKS,
        verify: alert_rules::verify,
    },
    Step {
        number: 7,
        name: "on-call",
        package: "step07",
        folder: "steps/07-on-call",
        task: "alertmanager.yml",
        config: Some("alertmanager.yml"),
        stub: on_call::NOBODY,
        checks: on_call::CHECKS,
        verify: on_call::verify,
    },
];

/// The status of a stub that answers requests.
const NOT_STARTED: &str = "501 ";

/// The step that somebody means by `2`, `02`, `step02`, `db-health` or `02-db-health`.
pub fn find(word: &str) -> Option<&'static Step> {
    let number = word.strip_prefix("step").unwrap_or(word).parse().ok();
    STEPS.iter().find(|step| {
        Some(step.number) == number
            || step.name == word
            || step.folder.strip_prefix("steps/") == Some(word)
    })
}
