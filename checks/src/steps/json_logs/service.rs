//! A running program that several checks share, and its log.

use std::{path::Path, time::Duration};

use super::event::Event;
use crate::{
    check::{Check, Failure, Results},
    harness::{
        http::Answer,
        launch::Launch,
        log::{Line, Stream},
        poll,
        program::Program,
        random::random_word,
        text::printable,
    },
};

/// The time limit for a line of the log to arrive.
pub const ARRIVAL: Duration = Duration::from_secs(1);

/// Polling interval.
pub const PACE: Duration = Duration::from_millis(5);

/// What all the scenarios of this step share.
pub struct Context<'a> {
    executable: &'a Path,
    pub results: &'a Results,
}

/// A program, and how it was started.
pub struct RunningService<'a> {
    pub context: &'a Context<'a>,
    pub program: Program,
    pub launch: Launch,
}

impl<'a> Context<'a> {
    pub fn new(executable: &'a Path, results: &'a Results) -> Context<'a> {
        Context {
            executable,
            results,
        }
    }

    /// The program, on its own database.
    pub fn launch(&self) -> Launch {
        Launch::new(self.executable)
    }

    pub fn start(&'a self, launch: Launch) -> Result<RunningService<'a>, Failure> {
        Ok(RunningService {
            context: self,
            program: Program::start(&launch)?,
            launch,
        })
    }
}

impl RunningService<'_> {
    /// A failure that says how the program was started, and what to do then.
    pub fn failure(&self, then: &str, expected: String, found: String, perhaps: &str) -> Failure {
        Failure::new(expected, found, self.launch.then(then)).perhaps(perhaps)
    }

    /// Whether another check has passed.
    pub fn passed(&self, check: &Check) -> bool {
        self.context.results.passed(check)
    }

    /// All events so far.
    pub fn events(&self) -> Vec<Event> {
        self.events_from(0)
    }

    /// All events from line number `first` on.
    pub fn events_from(&self, first: usize) -> Vec<Event> {
        let lines = self.program.log.lines(first);
        lines
            .iter()
            .filter_map(|line| Event::read(&line.text).ok())
            .collect()
    }

    /// Waits for the first event that contains `word`.
    pub fn event(&self, word: &str) -> Option<Event> {
        self.wait_for(|event| event.holds(word))
    }

    /// Waits for the first event that is `wanted`.
    pub fn wait_for(&self, wanted: impl Fn(&Event) -> bool) -> Option<Event> {
        self.wait_from(0, wanted)
    }

    /// Waits for the first event that is `wanted`, from line number `first` on.
    pub fn wait_from(&self, first: usize, wanted: impl Fn(&Event) -> bool) -> Option<Event> {
        let find = || self.events_from(first).into_iter().find(&wanted);
        poll::until(ARRIVAL, PACE, find)
    }

    /// All events that contain `word`, once the log is quiet.
    pub fn all_events(&self, word: &str) -> Vec<Event> {
        let _ = self.event(word);
        self.program.log.wait_for_quiet();
        let mut events = self.events();
        events.retain(|event| event.holds(word));
        events
    }

    /// The first line from number `first` on that is not an event, and what is wrong with it.
    pub fn foreign_line(&self, first: usize) -> Option<(Line, String)> {
        let lines = self.program.log.lines(first);
        lines
            .into_iter()
            .find_map(|line| Event::read(&line.text).err().map(|why| (line, why)))
    }

    /// For a message, in place of an event: the line that contains `word`, or that there is none.
    pub fn instead_of(&self, word: &str) -> String {
        self.program.log.wait_for_quiet();
        match self.program.log.find(word) {
            Some(line) => format!(
                "this line, which is not a JSON object:\n{}",
                printable(&line)
            ),
            None => format!("no such line{}", self.program.log.tail()),
        }
    }

    /// Sends a `GET` without a route, which still passes through every middleware. Returns its answer and its event.
    pub fn logged_get(&self, headers: &[(&str, &str)]) -> Result<(Answer, Event), Failure> {
        let path = format!("/{}", random_word());
        let answer = self.ask("GET", &path, headers, "")?;
        let event = self.event(&path).ok_or_else(|| {
            self.failure(
                &curl("GET", &path, ""),
                format!("an event about GET {path}"),
                self.instead_of(&path),
                "nothing is logged about a request for which there is no route",
            )
        })?;
        Ok((answer, event))
    }
}

/// The command with which the learner sends such a request.
pub fn curl(method: &str, target: &str, more: &str) -> String {
    let method = match method {
        "GET" => String::new(),
        "HEAD" => " --head".to_owned(),
        other => format!(" -X {other}"),
    };
    format!("curl -i{method}{more} 'http://127.0.0.1:8000{target}'")
}

/// A line for a message, with its stream.
pub fn shown(line: &Line) -> String {
    let stream = match line.stream {
        Stream::Stdout => "stdout",
        Stream::Stderr => "stderr",
    };
    match line.text.as_str() {
        "" => format!("on {stream}: an empty line"),
        text => format!("on {stream}: {}", printable(text)),
    }
}
