//! How many requests were answered, and whether the counter says the same, to the last one.

use std::collections::BTreeMap;

use super::{
    super::{COUNTER, MetricsProbe, PATH},
    METHODS,
    sending::Request,
};
use crate::{check::Failure, harness::text::varying, tools::prometheus::exposition::Scrape};

/// The requests with a known method, by method and status; those for `/metrics` aside, where our own scrapes are counted, too.
#[derive(Default)]
pub struct Tally {
    answered: BTreeMap<(String, String), u64>,
    /// Those that were sent twice, because the connection was closed: they may be counted twice.
    pub repeated: u64,
}

impl Tally {
    pub fn count(&mut self, request: &Request, status: u16) {
        if request.path != PATH && METHODS.contains(&request.method.as_str()) {
            let key = (request.method.clone(), status.to_string());
            *self.answered.entry(key).or_default() += 1;
        }
    }

    pub fn add(&mut self, other: Tally) {
        for (key, count) in other.answered {
            *self.answered.entry(key).or_default() += count;
        }
        self.repeated += other.repeated;
    }

    /// Method, status, and how many were answered and counted, wherever these differ.
    fn differences(&self, scrape: &Scrape) -> Vec<(&str, &str, u64, f64)> {
        let mut differences = Vec::new();
        for ((method, status), answered) in &self.answered {
            let labels: [(&str, &str); 2] = [("method", method), ("status", status)];
            let samples = scrape.of(COUNTER);
            let counted: f64 = samples
                .filter(|sample| sample.has(&labels) && sample.label("path") != PATH)
                .map(|sample| sample.value)
                .sum();
            let most = answered + self.repeated;
            if !(*answered as f64..=most as f64).contains(&counted) {
                differences.push((method.as_str(), status.as_str(), *answered, counted));
            }
        }
        differences
    }
}

/// After the flood the counter says what the callers were told.
pub fn agrees(probe: &MetricsProbe, sent: &Tally) -> Result<(), Failure> {
    let scrape = probe.scrape_until(|scrape| sent.differences(scrape).is_empty())?;
    let differences = sent.differences(&scrape);
    let Some((method, status, answered, counted)) = differences.first() else {
        return Ok(());
    };
    let method = varying("method", method);
    let found = format!(
        "{} requests with {method} were answered {}, and {} are counted",
        varying("many", answered),
        varying("status", status),
        varying("others", counted)
    );
    let asked = format!(
        "for i in $(seq 1000); do curl -s -X {method} http://127.0.0.1:8000/w$i & done; wait"
    );
    Err(Failure::new(
        format!("{COUNTER} is the number of requests, also after 10000 of them"),
        found,
        probe.how_of(&asked, COUNTER),
    )
    .perhaps("counts are lost while others are counted, or a counter begins again"))
}
