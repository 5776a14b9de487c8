//! The two files of `solutions/kubernetes` that nobody writes: what the Prometheus operator is told is what `alerts.yml` and
//! `alertmanager.yml` say.

#[path = "alertmanager_config.rs"]
mod alertmanager_config;

use std::{fs, path::Path};

use regex::Regex;

/// The namespace of everything in `solutions/kubernetes`, as kustomization.yaml has it.
pub const NAMESPACE: &str = "app";

pub const COMMAND: &str = "cargo run -p checks --example kubernetes";

/// Names and texts of the generated files, from `solutions`.
pub fn files(solutions: &Path) -> anyhow::Result<[(&'static str, String); 2]> {
    let alerts = fs::read_to_string(solutions.join("alerts.yml"))?;
    let routes = fs::read_to_string(solutions.join("alertmanager.yml"))?;
    Ok([
        ("prometheus-rule.yaml", prometheus_rule(&alerts)),
        ("alertmanager-config.yaml", alertmanager_config(&routes)?),
    ])
}

/// The rules as they are written, comments included, one level deeper. The operator hands an alert only to the routes of its own
/// namespace, and sums and `absent` have no such label: hence the group's.
fn prometheus_rule(alerts: &str) -> String {
    let mut text = head("alerts.yml", "v1", "PrometheusRule");
    for line in alerts.lines() {
        let indent = if line.is_empty() { "" } else { "  " };
        text += &format!("{indent}{line}\n");
        if line.starts_with("  - name: ") {
            text += &format!("      labels: {{ namespace: {NAMESPACE} }}\n");
        }
    }
    text
}

fn alertmanager_config(routes: &str) -> anyhow::Result<String> {
    let spec = serde_saphyr::to_string(&alertmanager_config::spec(routes)?)?;
    // To some readers of YAML 10:30 is the number 630.
    let spec = Regex::new(r"(Time: )(\d\d:\d\d)\n")?.replace_all(&spec, "$1'$2'\n");
    let mut text = head("alertmanager.yml", "v1alpha1", "AlertmanagerConfig");
    for line in spec.lines() {
        let indent = if line.is_empty() { "" } else { "  " };
        text += &format!("{indent}{line}\n");
    }
    Ok(text)
}

fn head(from: &str, version: &str, kind: &str) -> String {
    format!(
        "# Generated from solutions/{from}: change that, and run\n#\n#   {COMMAND}\n\
         apiVersion: monitoring.coreos.com/{version}\nkind: {kind}\nmetadata:\n  name: app\n  labels: {{ app: app }}\nspec:\n"
    )
}
