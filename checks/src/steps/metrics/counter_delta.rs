//! Which series change with a request, and by how much.

use std::collections::BTreeMap;

use super::{COUNTER, PATH, listed};
use crate::tools::prometheus::exposition::{Sample, Scrape};

/// The series of the counter that have changed, except those of the scrapes.
#[derive(Debug)]
pub struct CounterDelta(pub Vec<(Sample, f64)>);

impl CounterDelta {
    pub fn between(before: &Scrape, after: &Scrape) -> CounterDelta {
        let old: BTreeMap<String, f64> = before
            .of(COUNTER)
            .map(|sample| (sample.series(), sample.value))
            .collect();
        let of_requests = |sample: &&Sample| sample.label("path") != PATH;
        let delta = after.of(COUNTER).filter(of_requests).map(|sample| {
            let old = old.get(&sample.series()).copied().unwrap_or(0.0);
            (sample.clone(), sample.value - old)
        });
        let mut delta: Vec<_> = delta.filter(|(_, by)| *by != 0.0).collect();
        delta.sort_by_key(|(sample, _)| sample.series());
        CounterDelta(delta)
    }

    /// The sum of the changes of all series with these labels.
    pub fn by(&self, labels: &[(&str, &str)]) -> f64 {
        self.0
            .iter()
            .filter(|(sample, _)| sample.has(labels))
            .map(|(_, by)| by)
            .sum()
    }

    /// For a message, a line for each series.
    pub fn told(&self) -> String {
        if self.0.is_empty() {
            return format!("no series of {COUNTER} has moved");
        }
        let lines = self
            .0
            .iter()
            .map(|(sample, by)| format!("{by:+} {}", labels(sample)));
        format!("{COUNTER} has moved by\n{}", listed(lines))
    }
}

/// The labels of a sample in words that a message can be broken between.
pub fn labels(sample: &Sample) -> String {
    let labels = sample
        .labels
        .iter()
        .map(|(name, value)| format!("{name}={value:?}"));
    labels.collect::<Vec<_>>().join(" ")
}
