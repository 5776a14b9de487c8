//! Configuration files for the drill: the learner's rules, sped up, and Prometheus' targets and Alertmanagers.

use std::{fs, path::Path};

use anyhow::Context;
use serde_json::{Value, json};

use super::speed_up::shorten;

/// A file of the learner's.
///
/// # Errors
/// When it cannot be read.
pub fn text(file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

/// The learner's rules, sixty times as fast. JSON, which is YAML too.
///
/// # Errors
/// When they cannot be read, or are no YAML.
pub fn rules(file: &Path) -> anyhow::Result<String> {
    let mut rules: Value = serde_saphyr::from_str(&text(file)?)
        .with_context(|| format!("{} is no YAML", file.display()))?;
    shorten(&mut rules);
    Ok(rules.to_string())
}

/// Intervals of a minute become intervals of a second.
pub fn prometheus(target: &str, alertmanagers: &[String]) -> String {
    json!({
        "global": {
            "scrape_interval": "1s",
            "scrape_timeout": "1s",
            "evaluation_interval": "1s",
        },
        "rule_files": ["alerts.yml"],
        "scrape_configs": [{
            "job_name": "app",
            "static_configs": [{ "targets": [target] }],
        }],
        "alerting": {
            "alertmanagers": [{ "static_configs": [{ "targets": alertmanagers }] }],
        },
    })
    .to_string()
}
