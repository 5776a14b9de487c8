//! Which series move when something is sent, and by how much.

use std::{
    collections::BTreeMap,
    thread,
    time::{Duration, Instant},
};

use super::{COUNTER, PATH, Watched, listed};
use crate::{
    check::Failure,
    exposition::{Sample, Scrape},
    http::{self, Answer, NoAnswer},
    program::ANSWER_LIMIT,
};

/// A request may be counted a moment after its last byte has been sent: so long is waited for what is missing.
const SETTLES: Duration = Duration::from_secs(1);

/// How often it is looked.
const PACE: Duration = Duration::from_millis(10);

/// The series of the counter that have moved, but for that of the scrapes.
#[derive(Debug)]
pub struct Moved(pub Vec<(Sample, f64)>);

impl Moved {
    pub fn between(before: &Scrape, after: &Scrape) -> Moved {
        let old: BTreeMap<String, f64> = before
            .of(COUNTER)
            .map(|sample| (sample.series(), sample.value))
            .collect();
        let of_requests = |sample: &&Sample| sample.label("path") != PATH;
        let moved = after.of(COUNTER).filter(of_requests).map(|sample| {
            let old = old.get(&sample.series()).copied().unwrap_or(0.0);
            (sample.clone(), sample.value - old)
        });
        let mut moved: Vec<_> = moved.filter(|(_, by)| *by != 0.0).collect();
        moved.sort_by_key(|(sample, _)| sample.series());
        Moved(moved)
    }

    /// By how much all of them have moved that have these labels.
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

impl Watched<'_> {
    /// What has moved since `before`: as soon as it is `enough`, or for good.
    pub fn moved_since(
        &self,
        before: &Scrape,
        enough: impl Fn(&Moved) -> bool,
    ) -> Result<Moved, Failure> {
        let since = |now: &Scrape| Moved::between(before, now);
        let now = self.scrape_until(|now| enough(&since(now)))?;
        Ok(since(&now))
    }

    /// What `/metrics` says, as soon as it is `enough`, or for good.
    pub fn scrape_until(&self, enough: impl Fn(&Scrape) -> bool) -> Result<Scrape, Failure> {
        let give_up = Instant::now() + SETTLES;
        loop {
            let scrape = self.scrape()?;
            if enough(&scrape) || Instant::now() > give_up {
                return Ok(scrape);
            }
            thread::sleep(PACE);
        }
    }

    /// Any request, over a connection of its own. Bodies are JSON.
    pub fn send(&self, method: &str, path: &str, body: &str) -> Result<Answer, NoAnswer> {
        let headers: &[(&str, &str)] = match body.is_empty() {
            true => &[],
            false => &[("content-type", "application/json")],
        };
        http::send(method, &self.program.url(path), headers, body, ANSWER_LIMIT)
    }

    /// The status that was answered, whatever it is.
    pub fn status(&self, method: &str, path: &str, body: &str) -> Result<u16, Failure> {
        let question = crate::expect::Question {
            method,
            ..self.question(path)
        };
        match self.send(method, path, body) {
            Ok(answer) => Ok(answer.status),
            none => question.status(200, none).map(|answer| answer.status),
        }
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
