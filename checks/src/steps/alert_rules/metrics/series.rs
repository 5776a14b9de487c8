//! The metrics as promtool reads them.

use super::Instance;

impl Instance {
    /// Every series of it, with its values.
    pub fn series(&self) -> Vec<(String, String)> {
        let known = |minute: usize| self.is_target[minute];
        let seen = |minute: usize| self.is_target[minute] && self.up[minute];
        let minutes = || 0..self.up.len();
        let mut all = vec![(
            self.named("up", &[]),
            values(minutes().map(|minute| known(minute).then_some(self.up[minute].into()))),
        )];
        let mut gauge = |name: &str, labels: &[(&str, &str)], value: &dyn Fn(usize) -> f64| {
            let value = |minute| seen(minute).then(|| value(minute));
            all.push((self.named(name, labels), values(minutes().map(value))));
        };
        gauge("db_up", &[], &|minute| self.db_up[minute]);
        gauge("process_resident_memory_bytes", &[], &|minute| {
            self.memory[minute]
        });
        gauge("process_virtual_memory_bytes", &[], &|minute| {
            4.0 * self.memory[minute]
        });
        if let Some(limit) = self.limit {
            gauge("process_memory_limit_bytes", &[], &|_| limit);
        }
        for sample in &self.rest {
            let labels: Vec<(&str, &str)> = sample
                .labels
                .iter()
                .map(|(label, value)| (label.as_str(), value.as_str()))
                .collect();
            gauge(&sample.name, &labels, &|_| sample.value);
        }
        for counter in &self.counters {
            let counted = counter.counted(&self.restarts);
            let labels = [
                ("method", counter.method),
                ("path", counter.path),
                ("status", counter.status),
            ];
            gauge("http_requests_total", &labels, &|minute| counted[minute]);
            // All are answered in 4 ms.
            let duration = "http_request_duration_seconds";
            gauge(&format!("{duration}_count"), &labels, &|minute| {
                counted[minute]
            });
            gauge(&format!("{duration}_sum"), &labels, &|minute| {
                counted[minute] * 0.004
            });
            let labels = [labels[0], labels[1], labels[2], ("le", "+Inf")];
            gauge(&format!("{duration}_bucket"), &labels, &|minute| {
                counted[minute]
            });
        }
        all
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
