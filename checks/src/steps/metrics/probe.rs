//! A program, its metrics, and how a learner can see them.

use std::{net::SocketAddr, time::Duration};

use super::{PATH, counter_delta::CounterDelta, shown};
use crate::{
    check::{Failure, Results},
    harness::{
        http::{self, ANSWER_LIMIT, Answer, NoAnswer},
        launch::Launch,
        poll,
        program::Program,
        raw_http::Connection,
    },
    steps::question::Question,
    tools::prometheus::exposition::{self, Scrape},
};

/// The time limit for counters to change: a request may be counted a moment after its last byte has been sent, and later on a busy
/// machine.
const SETTLES: Duration = Duration::from_secs(3);

/// Polling interval.
const PACE: Duration = Duration::from_millis(10);

/// A program whose metrics are checked.
#[derive(Clone, Copy)]
pub struct MetricsProbe<'a> {
    pub program: &'a Program,
    pub launch: &'a Launch,
    pub results: &'a Results,
}

impl<'a> MetricsProbe<'a> {
    pub fn address(&self) -> SocketAddr {
        let address = self.program.url("").replace("http://", "");
        address
            .parse()
            .expect("a URL of ours begins with an address")
    }

    /// The current metrics.
    pub fn scrape(&self) -> Result<Scrape, Failure> {
        let answer = match self.program.get(PATH) {
            // On a busy machine one may be late. What is the program's fault happens to the next one, too.
            Err(NoAnswer::TooSlow(_)) => self.program.get(PATH),
            answer => answer,
        };
        let answer = self.question(PATH).status(200, answer)?;
        self.read(&answer.body)
    }

    /// What this text says.
    pub fn read(&self, text: &str) -> Result<Scrape, Failure> {
        exposition::parse(text).map_err(|malformed| {
            Failure::new(
                "every line is a comment or a sample: name{label=\"value\"} 1",
                format!("line {}: {}", malformed.number, shown(&malformed.line)),
                self.how("", " | promtool check metrics"),
            )
            .perhaps(malformed.why)
        })
    }

    pub fn question(&self, path: &'a str) -> Question<'a> {
        question(self.program, self.launch, path)
    }

    /// The learner's commands: a request first, and then one for `/metrics`, filtered.
    pub fn how(&self, asked: &str, then: &str) -> String {
        let asked = if asked.is_empty() {
            String::new()
        } else {
            format!("{asked}\n")
        };
        let scrape = format!("{asked}curl -s http://127.0.0.1:8000{PATH}{then}");
        self.launch.then(&scrape)
    }

    /// [`MetricsProbe::how`], for the samples of `name` only.
    pub fn how_of(&self, asked: &str, name: &str) -> String {
        self.how(asked, &format!(" | grep ^{name}"))
    }

    /// The delta since `before`, as soon as it is `enough` or the time is up.
    pub fn delta_since(
        &self,
        before: &Scrape,
        enough: impl Fn(&CounterDelta) -> bool,
    ) -> Result<CounterDelta, Failure> {
        let since = |now: &Scrape| CounterDelta::between(before, now);
        let now = self.scrape_until(|now| enough(&since(now)))?;
        Ok(since(&now))
    }

    /// The metrics, as soon as they are `enough` or the time is up.
    pub fn scrape_until(&self, enough: impl Fn(&Scrape) -> bool) -> Result<Scrape, Failure> {
        poll::latest(SETTLES, PACE, || self.scrape(), enough)
    }

    /// The same over one connection, which one worker answers: what another worker keeps to itself is not there.
    pub fn scrape_one_worker_until(
        &self,
        enough: impl Fn(&Scrape) -> bool,
    ) -> Result<Scrape, Failure> {
        let mut connection = Connection::open(self.address(), ANSWER_LIMIT).ok();
        let mut over_it = || {
            let reply = connection.as_mut()?.ask("GET", PATH, "").ok()?;
            (reply.status == 200).then(|| String::from_utf8_lossy(&reply.body).into_owned())
        };
        // A scrape of the usual kind says why there is none.
        let scrape = || over_it().map_or_else(|| self.scrape(), |text| self.read(&text));
        poll::latest(SETTLES, PACE, scrape, enough)
    }

    /// Any request, over a connection of its own. Bodies are JSON.
    pub fn send(&self, method: &str, path: &str, body: &str) -> Result<Answer, NoAnswer> {
        let headers: &[(&str, &str)] = if body.is_empty() {
            &[]
        } else {
            &[("content-type", "application/json")]
        };
        http::send(method, &self.program.url(path), headers, body, ANSWER_LIMIT)
    }

    /// The status of the answer, whatever it is.
    pub fn status(&self, method: &str, path: &str, body: &str) -> Result<u16, Failure> {
        let question = Question {
            method,
            ..self.question(path)
        };
        match self.send(method, path, body) {
            Ok(answer) => Ok(answer.status),
            none => question.status(200, none).map(|answer| answer.status),
        }
    }
}

pub fn question<'a>(program: &'a Program, launch: &Launch, path: &'a str) -> Question<'a> {
    Question {
        program,
        method: "GET",
        path,
        how: launch.then(&format!("curl -i http://127.0.0.1:8000{path}")),
    }
}
