//! The steps, in order.

mod files;
mod lookup;
mod step;

pub use lookup::{find, last, listed};
pub use step::{Kind, Step};

use crate::steps::{alert_rules, container, db_health, health, json_logs, metrics, on_call};

/// All of them.
pub const STEPS: &[Step] = &[
    Step {
        number: 1,
        name: "health",
        kind: Kind::Service,
        package: "step01",
        folder: "steps/01-health",
        task: "src/health.rs",
        config: None,
        untouched_prefix: NOT_STARTED,
        minutes: 25,
        observed: false,
        lacks: nothing,
        checks: health::CHECKS,
        verify: health::verify,
    },
    Step {
        number: 2,
        name: "db-health",
        kind: Kind::Service,
        package: "step02",
        folder: "steps/02-db-health",
        task: "src/db_health.rs",
        config: None,
        untouched_prefix: NOT_STARTED,
        minutes: 50,
        observed: false,
        lacks: nothing,
        checks: db_health::CHECKS,
        verify: db_health::verify,
    },
    Step {
        number: 3,
        name: "container",
        kind: Kind::Container,
        package: "step03",
        folder: "steps/03-container",
        task: "src/healthcheck.rs",
        config: None,
        untouched_prefix: container::NOT_WRITTEN,
        minutes: 40,
        observed: false,
        lacks: nothing,
        checks: container::CHECKS,
        verify: container::verify,
    },
    Step {
        number: 4,
        name: "json-logs",
        kind: Kind::Service,
        package: "step04",
        folder: "steps/04-json-logs",
        task: "src/logs.rs",
        config: None,
        untouched_prefix: json_logs::PLAIN,
        minutes: 40,
        observed: false,
        lacks: nothing,
        checks: json_logs::CHECKS,
        verify: json_logs::verify,
    },
    Step {
        number: 5,
        name: "metrics",
        kind: Kind::Service,
        package: "step05",
        folder: "steps/05-metrics",
        task: "src/metrics.rs",
        config: None,
        untouched_prefix: NOT_STARTED,
        minutes: 35,
        observed: true,
        lacks: nothing,
        checks: metrics::CHECKS,
        verify: metrics::verify,
    },
    Step {
        number: 6,
        name: "alert-rules",
        kind: Kind::Service,
        package: "step06",
        folder: "steps/06-alert-rules",
        task: "src/signals.rs",
        config: Some("alerts.yml"),
        untouched_prefix: alert_rules::NO_SIGNAL,
        minutes: 50,
        observed: true,
        lacks: alert_rules::lacks,
        checks: alert_rules::CHECKS,
        verify: alert_rules::verify,
    },
    Step {
        number: 7,
        name: "on-call",
        kind: Kind::Configuration,
        package: "step07",
        folder: "steps/07-on-call",
        task: "alertmanager.yml",
        config: Some("alertmanager.yml"),
        untouched_prefix: on_call::NOBODY,
        minutes: 45,
        observed: true,
        lacks: on_call::lacks,
        checks: on_call::CHECKS,
        verify: on_call::verify,
    },
];

/// The status of a stub that answers requests.
const NOT_STARTED: &str = "501 ";

/// For a step that needs no other programs, or only Docker.
fn nothing() -> Option<String> {
    None
}
