//! The seven steps, in order.

use crate::{
    check::{Check, Results},
    steps::{container, db_health, health, metrics},
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
    /// What is checked, in order. Empty: this edition checks nothing here yet.
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
        checks: container::CHECKS,
        verify: container::verify,
    },
    later(
        4,
        "json-logs",
        "step04",
        "steps/04-json-logs",
        "src/logs.rs",
        None,
    ),
    Step {
        number: 5,
        name: "metrics",
        package: "step05",
        folder: "steps/05-metrics",
        task: "src/metrics.rs",
        config: None,
        checks: metrics::CHECKS,
        verify: metrics::verify,
    },
    later(
        6,
        "alert-rules",
        "step06",
        "steps/06-alert-rules",
        "src/signals.rs",
        Some("alerts.yml"),
    ),
    later(
        7,
        "on-call",
        "step07",
        "steps/07-on-call",
        "alertmanager.yml",
        Some("alertmanager.yml"),
    ),
];

/// The step that somebody means by `2`, `02`, `step02`, `db-health` or `02-db-health`.
pub fn find(word: &str) -> Option<&'static Step> {
    let number = word.strip_prefix("step").unwrap_or(word).parse().ok();
    STEPS.iter().find(|step| {
        Some(step.number) == number
            || step.name == word
            || step.folder.strip_prefix("steps/") == Some(word)
    })
}

const fn later(
    number: usize,
    name: &'static str,
    package: &'static str,
    folder: &'static str,
    task: &'static str,
    config: Option<&'static str>,
) -> Step {
    Step {
        number,
        name,
        package,
        folder,
        task,
        config,
        checks: &[],
        verify: |_, _| Ok(Ok(())),
    }
}
