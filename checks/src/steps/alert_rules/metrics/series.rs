//! The metrics as promtool reads them.

use super::Instance;
use crate::tools::prometheus::exposition::Sample;

/// The buckets of step 5 from 0.25 s on (promtool takes its time for each), as Prometheus 3 stores them: `/metrics` prints 1, and
/// Prometheus makes it 1.0.
const BUCKETS: [(&str, f64); 5] = [
    ("0.25", 0.25),
    ("0.5", 0.5),
    ("1.0", 1.0),
    ("2.0", 2.0),
    ("+Inf", f64::INFINITY),
];

impl Instance {
    /// Every series of it, with its values.
    pub fn series(&self) -> Vec<(String, String)> {
        let known = |minute: usize| self.is_target[minute];
        let minutes = || 0..self.up.len();
        let mut all = vec![(
            self.named("up", &[]),
            values(minutes().map(|minute| known(minute).then_some(self.up[minute].into()))),
        )];
        let mut gauge = |name: &str, labels: &[(&str, &str)], value: &dyn Fn(usize) -> f64| {
            let value = |minute| self.is_seen(minute).then(|| value(minute));
            all.push((self.named(name, labels), values(minutes().map(value))));
        };
        gauge("db_up", &[], &|minute| self.db_up[minute]);
        gauge("process_resident_memory_bytes", &[], &|minute| {
            self.memory[minute]
        });
        gauge("process_virtual_memory_bytes", &[], &|minute| {
            4.0 * self.memory[minute]
        });
        gauge("db_pool_connections", &[], &|minute| self.pool.open[minute]);
        gauge("db_pool_connections_idle", &[], &|minute| {
            self.pool.open[minute] - self.pool.in_use[minute]
        });
        gauge("db_pool_connections_max", &[], &|_| self.pool.max);
        if let Some(limit) = self.limit {
            gauge("process_memory_limit_bytes", &[], &|_| limit);
        }
        for counter in &self.counters {
            let counted = counter.counted(&self.restarts);
            let labels = [
                ("method", counter.method),
                ("path", counter.path),
                ("status", counter.status),
            ];
            gauge("http_requests_total", &labels, &|minute| counted[minute]);
            let duration = "http_request_duration_seconds";
            let taken = counter.taken(&self.restarts);
            gauge(&format!("{duration}_count"), &labels, &|minute| {
                counted[minute]
            });
            gauge(&format!("{duration}_sum"), &labels, &|minute| taken[minute]);
            for (le, bound) in BUCKETS {
                let within = counter.within(bound, &self.restarts);
                let labels = [labels[0], labels[1], labels[2], ("le", le)];
                let bucket = format!("{duration}_bucket");
                gauge(&bucket, &labels, &|minute| within[minute]);
            }
        }
        all
    }

    /// The series of a sample that has the same value all the time.
    pub fn series_of(&self, sample: &Sample) -> (String, String) {
        let labels = sample.labels.iter();
        let labels: Vec<(&str, &str)> = labels
            .map(|(label, value)| (label.as_str(), value.as_str()))
            .collect();
        let value = |minute| self.is_seen(minute).then_some(sample.value);
        let minutes = 0..self.up.len();
        (
            self.named(&sample.name, &labels),
            values(minutes.map(value)),
        )
    }

    /// Whether a scrape of it succeeds in this minute.
    fn is_seen(&self, minute: usize) -> bool {
        self.is_target[minute] && self.up[minute]
    }

    fn named(&self, name: &str, labels: &[(&str, &str)]) -> String {
        let own = [("job", self.job.as_str()), ("instance", self.name.as_str())];
        let labels: Vec<String> = own
            .iter()
            .chain(labels)
            .map(|(label, value)| format!("{label}=\"{}\"", escaped(value)))
            .collect();
        format!("{name}{{{}}}", labels.join(","))
    }
}

fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

/// As promtool reads them: the first missing value marks the series as stale, as a failed scrape does.
fn values(values: impl Iterator<Item = Option<f64>>) -> String {
    let mut text = String::new();
    let mut seen = false;
    for value in values {
        match value {
            Some(value) => text.push_str(&format!("{value} ")),
            None if seen => text.push_str("stale "),
            None => text.push_str("_ "),
        }
        seen = value.is_some();
    }
    text.trim_end().to_owned()
}
