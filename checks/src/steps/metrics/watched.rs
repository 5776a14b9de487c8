//! A program, what its numbers are, and how a learner gets to see them.

use std::{
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use super::{PATH, moved::Moved, shown};
use crate::{
    check::{Failure, Results},
    expect::Question,
    exposition::{self, Scrape},
    http::{self, Answer, NoAnswer},
    program::{ANSWER_LIMIT, Program},
};

/// A request may be counted a moment after its last byte has been sent: so long is waited for what is missing.
const SETTLES: Duration = Duration::from_secs(1);

/// How often it is looked.
const PACE: Duration = Duration::from_millis(10);

/// A program whose numbers are looked at.
#[derive(Clone, Copy)]
pub struct Watched<'a> {
    pub program: &'a Program,
    pub package: &'a str,
    pub results: &'a Results,
    /// What a learner sets to have it like this: `DRILL=1 `.
    pub settings: &'static str,
}

impl<'a> Watched<'a> {
    pub fn address(&self) -> SocketAddr {
        let address = self.program.url("").replace("http://", "");
        address
            .parse()
            .expect("a URL of ours begins with an address")
    }

    /// What `/metrics` says now.
    pub fn scrape(&self) -> Result<Scrape, Failure> {
        let question = self.question(PATH);
        let answer = question.status(200, self.program.get(PATH))?;
        self.read(&answer)
    }

    pub fn read(&self, answer: &Answer) -> Result<Scrape, Failure> {
        exposition::parse(&answer.body).map_err(|malformed| Failure {
            expected: "every line is a comment or a sample: name{label=\"value\"} 1".to_owned(),
            found: format!("line {}: {}", malformed.number, shown(&malformed.line)),
            how: self.how("", " | promtool check metrics"),
            perhaps: Some(malformed.why),
        })
    }

    pub fn question(&self, path: &'a str) -> Question<'a> {
        question(self.program, self.package, path, self.settings)
    }

    /// How the learner sees it: what is asked first, and what becomes of the answer of `/metrics`.
    pub fn how(&self, asked: &str, then: &str) -> String {
        let Watched {
            settings, package, ..
        } = self;
        let asked = match asked.is_empty() {
            true => String::new(),
            false => format!("{asked}\n"),
        };
        format!(
            "{settings}cargo run -p {package}\n{asked}curl -s http://127.0.0.1:8000{PATH}{then}"
        )
    }

    /// [`Watched::how`], for the samples of `name` only.
    pub fn how_of(&self, asked: &str, name: &str) -> String {
        self.how(asked, &format!(" | grep ^{name}"))
    }

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

pub fn question<'a>(
    program: &'a Program,
    package: &str,
    path: &'a str,
    settings: &str,
) -> Question<'a> {
    Question {
        program,
        method: "GET",
        path,
        how: format!("{settings}cargo run -p {package}\ncurl -i http://127.0.0.1:8000{path}"),
    }
}
