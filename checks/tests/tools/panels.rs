//! The dashboard in the repository, and how to query a Prometheus for its data.

use std::{fs, time::Duration};

use anyhow::{Context, ensure};
use checks::harness::http;
use serde_json::Value;

/// The time limit for an answer of Prometheus.
const LIMIT: Duration = Duration::from_secs(10);

pub struct Panel {
    pub title: String,
    pub unit: String,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub queries: Vec<Query>,
}

pub struct Query {
    pub expr: String,
    /// The template for a line's name: `{{path}}`.
    pub legend: String,
}

/// One line of a panel: its name, and its points in seconds since 1970.
pub struct Line {
    pub name: String,
    pub points: Vec<(f64, f64)>,
}

/// The dashboard as Grafana reads it.
pub fn dashboard() -> anyhow::Result<Value> {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../solutions/observe/grafana/dashboards/service.json"
    );
    Ok(serde_json::from_str(&fs::read_to_string(file)?)?)
}

/// All panels, from left to right and from top to bottom. `interval` replaces Grafana's `$__rate_interval`; of its variables,
/// the job is `app` and the instance is any.
pub fn panels(interval: &str) -> anyhow::Result<Vec<Panel>> {
    let dashboard = dashboard()?;
    let filled_in = |expr: &Value| {
        text(expr)
            .replace("$__rate_interval", interval)
            .replace("$job", "app")
            .replace("$instance", ".+")
    };
    let panels = dashboard["panels"].as_array().context("no panels")?;
    let panels = panels.iter().map(|panel| {
        let defaults = &panel["fieldConfig"]["defaults"];
        let queries = panel["targets"].as_array().into_iter().flatten();
        Panel {
            title: text(&panel["title"]),
            unit: text(&defaults["unit"]),
            min: defaults["min"].as_f64(),
            max: defaults["max"].as_f64(),
            queries: queries
                .map(|target| Query {
                    expr: filled_in(&target["expr"]),
                    legend: text(&target["legendFormat"]),
                })
                .collect(),
        }
    });
    Ok(panels.collect())
}

impl Query {
    /// The lines from `start` to `end` (seconds since 1970), with a point every `step` seconds. Values that are not numbers are
    /// left out.
    pub fn lines(
        &self,
        server: &str,
        start: f64,
        end: f64,
        step: f64,
    ) -> anyhow::Result<Vec<Line>> {
        let [from, to, step] = [start, end, step].map(|seconds| seconds.to_string());
        let parameters = [
            ("query", self.expr.as_str()),
            ("start", &from),
            ("end", &to),
            ("step", &step),
        ];
        let url = format!("{server}/api/v1/query_range");
        let answer = http::query(&url, &parameters, LIMIT)
            .map_err(|none| anyhow::anyhow!("{none}"))
            .with_context(|| format!("Prometheus does not answer {}", self.expr))?;
        ensure!(answer.status == 200, "{}: {answer}", self.expr);
        let said: Value = serde_json::from_str(&answer.body)?;
        let series = said["data"]["result"].as_array().context("no result")?;
        Ok(series
            .iter()
            .map(|series| Line {
                name: self.name(&series["metric"]),
                points: points(&series["values"]),
            })
            .filter(|line| !line.points.is_empty())
            .collect())
    }

    /// The legend with the labels of a series filled in.
    fn name(&self, labels: &Value) -> String {
        let mut name = self.legend.clone();
        for (label, value) in labels.as_object().into_iter().flatten() {
            name = name.replace(
                &format!("{{{{{label}}}}}"),
                value.as_str().unwrap_or_default(),
            );
        }
        name
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn points(values: &Value) -> Vec<(f64, f64)> {
    let values = values.as_array().into_iter().flatten();
    values
        .filter_map(|pair| {
            let value: f64 = pair[1].as_str()?.parse().ok()?;
            value.is_finite().then_some((pair[0].as_f64()?, value))
        })
        .collect()
}
