//! An expectation of all answers that a program has given.

use super::Question;
use crate::{
    check::Failure,
    harness::{clients, http::Answer, program::Exchange},
};

impl<'a> Question<'a> {
    /// The request of an answer that was given while this question was asked.
    pub fn of(&self, exchange: &'a Exchange) -> Question<'a> {
        Question {
            method: &exchange.method,
            ..self.with_command(&clients::command(
                &exchange.curl,
                &exchange.method,
                &exchange.path,
            ))
        }
    }

    /// Expects the same of every answer to `GET`. The first one was asked for by a plain curl.
    pub fn expect_of_all(
        &self,
        exchanges: &[Exchange],
        expect: impl Fn(&Question, &Answer) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let asked = |exchange: &&Exchange| exchange.method == "GET" && exchange.path == self.path;
        for (place, exchange) in exchanges.iter().filter(asked).enumerate() {
            expect(&self.of(exchange), &exchange.answer).map_err(|failure| match exchange {
                _ if place == 0 => failure,
                plain if plain.curl.is_empty() => failure,
                Exchange { curl, .. } => failure.perhaps(only_difference(curl)),
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
