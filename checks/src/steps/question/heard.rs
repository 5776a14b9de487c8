//! An expectation of all answers that a program has given.

use super::Question;
use crate::{
    check::Failure,
    harness::{clients, http::Answer, program::Heard},
};

impl<'a> Question<'a> {
    /// The request of an answer that was given while this question was asked.
    pub fn of(&self, heard: &'a Heard) -> Question<'a> {
        Question {
            method: &heard.method,
            ..self.with_command(&clients::command(&heard.curl, &heard.method, &heard.path))
        }
    }

    /// Expects the same of every answer to `GET`. The first one was asked for by a plain curl.
    pub fn expect_of_all(
        &self,
        heard: &[Heard],
        expect: impl Fn(&Question, &Answer) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let asked = |heard: &&Heard| heard.method == "GET" && heard.path == self.path;
        for (place, heard) in heard.iter().filter(asked).enumerate() {
            expect(&self.of(heard), &heard.answer).map_err(|failure| match heard {
                _ if place == 0 => failure,
                plain if plain.curl.is_empty() => failure,
                Heard { curl, .. } => failure.perhaps(only_difference(curl)),
            })?;
        }
        Ok(())
    }

    /// The same question, with this command of curl.
    pub(super) fn with_command(&self, command: &str) -> Question<'a> {
        let lines = self.how.lines().map(|line| match line {
            line if line.starts_with("curl ") => command,
            line => line,
        });
        Question {
            how: lines.collect::<Vec<_>>().join("\n"),
            ..*self
        }
    }
}

pub(super) fn only_difference(curl: &str) -> String {
    format!("a plain curl is answered as expected, and the only difference is {curl}")
}
