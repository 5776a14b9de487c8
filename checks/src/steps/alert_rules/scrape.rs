//! Scraping the service.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use crate::{
    check::Failure,
    harness::{http::Answer, poll, text::varying},
    steps::question::Question,
    tools::prometheus::exposition::{self, Sample},
};

pub const PATH: &str = "/metrics";

/// Polling interval for a value that has to appear.
const PACE: Duration = Duration::from_millis(50);

/// The answer to one scrape.
pub struct Scrape {
    pub answer: Answer,
    /// What the learner can do to see it, too.
    pub how: String,
    samples: Vec<Sample>,
}

impl Scrape {
    /// Requests it; the status must be 200.
    pub fn of(question: &Question) -> Result<Scrape, Failure> {
        let answer = question.status(200, question.program.get(PATH))?;
        Ok(Scrape {
            samples: exposition::readable(&answer.body),
            answer,
            how: question.how.clone(),
        })
    }

    /// The value of the only series of this name, or of the first of several.
    pub fn value(&self, name: &str) -> Option<f64> {
        let sample = self.samples.iter().find(|sample| sample.name == name);
        sample.map(|sample| sample.value)
    }

    /// Which labels the series of each name have.
    pub fn labels(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for sample in &self.samples {
            let labels = names.entry(sample.name.clone()).or_default();
            labels.extend(sample.labels.keys().cloned());
        }
        names
    }

    /// Every series.
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// Whether a stranger to `name` would find it: the lines that begin alike, and how many series there are.
    pub fn shown(&self, name: &str) -> String {
        let lines = self.answer.body.lines();
        let alike: Vec<&str> = lines.filter(|line| line.starts_with(name)).collect();
        match alike.as_slice() {
            [] => format!(
                "no {name} among the {} series",
                varying("all", self.samples.len())
            ),
            lines => lines.join("\n"),
        }
    }
}

/// Scrapes until the only series `name` says `value`; at most for `limit`, or until nobody wants to know any more.
pub fn wait_for(
    question: &Question,
    (name, value): (&str, f64),
    limit: Duration,
    wanted: &dyn Fn() -> bool,
) -> Result<(), Failure> {
    let enough = |scrape: &Scrape| scrape.value(name) == Some(value) || !wanted();
    let scrape = poll::latest(limit, PACE, || Scrape::of(question), enough)?;
    if enough(&scrape) {
        return Ok(());
    }
    // Why a healthy database is taken for a dead one, the log may say.
    let log = if value > 0.0 {
        question.program.log.tail()
    } else {
        String::new()
    };
    let found = scrape.shown(name);
    Err(question.failure(
        format!("{name} {value}, within {} s", limit.as_secs()),
        format!("after {} s still: {found}{log}", limit.as_secs()),
    ))
}
