//! A program that runs for some of the checks, and what it writes.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use super::event::Event;
use crate::{
    check::{Failure, Results},
    http::{self, Answer, printable},
    log::{Line, Stream},
    program::{ANSWER_LIMIT, Program, package},
    steps::random_word,
};

/// How long a line of log may be under way.
pub const ARRIVAL: Duration = Duration::from_secs(1);

/// How often it is looked whether it has arrived.
const PACE: Duration = Duration::from_millis(5);

/// What all the scenarios of this step share.
pub struct Scene<'a> {
    executable: &'a Path,
    pub results: &'a Results,
}

/// A program, and how a learner starts it in the same way.
pub struct Stage<'a> {
    pub scene: &'a Scene<'a>,
    pub program: Program,
    start: String,
}

impl<'a> Scene<'a> {
    pub fn new(executable: &'a Path, results: &'a Results) -> Scene<'a> {
        Scene {
            executable,
            results,
        }
    }

    /// Starts the program with these settings. `before` is what a learner types before `cargo run`.
    pub fn start(
        &'a self,
        before: &str,
        database_url: &str,
        settings: &[(&str, &str)],
    ) -> Result<Stage<'a>, Failure> {
        let start = format!("{before}cargo run -p {}", package(self.executable));
        Ok(Stage {
            scene: self,
            program: Program::start_with(self.executable, database_url, settings)?,
            start,
        })
    }
}

impl Stage<'_> {
    /// Sends a request, which has to be answered, with whatever status.
    pub fn ask(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Answer, Failure> {
        let url = self.program.url(target);
        http::send(method, &url, headers, body, ANSWER_LIMIT).map_err(|none| {
            self.failure(
                &curl(method, target, ""),
                "an answer".to_owned(),
                format!("{none}{}", self.program.log.tail()),
                "a middleware panicked or never goes on: the log may say where",
            )
        })
    }

    /// `step04`
    pub fn package(&self) -> String {
        package(self.scene.executable)
    }

    /// A failure that says how the program was started, and what was done then.
    pub fn failure(&self, then: &str, expected: String, found: String, perhaps: &str) -> Failure {
        let how = match then {
            "" => self.start.clone(),
            then => format!("{}\n{then}", self.start),
        };
        Failure {
            expected,
            found,
            how,
            perhaps: Some(perhaps.to_owned()),
        }
    }

    /// Whether this check, which is another's concern, has passed.
    pub fn passed(&self, id: &str) -> bool {
        self.scene.results.passed(id)
    }

    /// All events so far.
    pub fn events(&self) -> Vec<Event> {
        let lines = self.program.log.lines(0);
        lines
            .iter()
            .filter_map(|line| Event::read(&line.text).ok())
            .collect()
    }

    /// The first event that holds `word`, as soon as it is there.
    pub fn event(&self, word: &str) -> Option<Event> {
        self.wait_for(|event| event.holds(word))
    }

    /// The first event that is `wanted`, as soon as it is there.
    pub fn wait_for(&self, wanted: impl Fn(&Event) -> bool) -> Option<Event> {
        let give_up = Instant::now() + ARRIVAL;
        loop {
            let found = self.events().into_iter().find(&wanted);
            if found.is_some() || Instant::now() > give_up {
                return found;
            }
            thread::sleep(PACE);
        }
    }

    /// All events that hold `word`, when no more are to be expected.
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

    /// What was written that holds `word`, if it is no event: to be shown.
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

    /// An event of a `GET` that no route takes: it passes through every middleware. Also what it was answered.
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

/// The command that sends a request like it.
pub fn curl(method: &str, target: &str, more: &str) -> String {
    let method = match method {
        "GET" => String::new(),
        "HEAD" => " --head".to_owned(),
        other => format!(" -X {other}"),
    };
    format!("curl -i{method}{more} 'http://127.0.0.1:8000{target}'")
}

/// A line as it is shown, with the stream that it came from.
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
