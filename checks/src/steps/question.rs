//! Expectations of an answer that several steps share, and the failures when they are not met.

mod caching;
mod each_client;
mod exchanges;
mod head;
mod likely_cause;

use serde_json::Value;

use likely_cause::likely_cause;

use crate::{
    check::Failure,
    harness::{
        http::{Answer, NoAnswer, status_line},
        program::Program,
    },
};

/// The options with which curl shows the status and the time of an answer, and nothing else.
pub const TIMED: &str = r"-s -o /dev/null -m 5 -w '%{http_code} after %{time_total} s\n'";

/// A request to a program, with what a message about its answer needs.
pub struct Question<'a> {
    pub program: &'a Program,
    /// `GET` or `HEAD`.
    pub method: &'a str,
    pub path: &'a str,
    /// The commands with which the learner can repeat it.
    pub how: String,
}

impl<'a> Question<'a> {
    /// The same request, as `HEAD`.
    pub fn with_head(&self) -> Question<'a> {
        Question {
            method: "HEAD",
            how: self.how.replace("curl -i", "curl -i --head"),
            ..*self
        }
    }

    /// Expects an answer with this status.
    pub fn status(
        &self,
        expected: u16,
        answer: Result<Answer, NoAnswer>,
    ) -> Result<Answer, Failure> {
        match answer {
            Ok(answer) if answer.status == expected => Ok(answer),
            Ok(answer) => {
                // The cause of a server error is in the log, except for 501, which is the stub's answer.
                let log = match answer.status {
                    501 => String::new(),
                    500.. => self.program.log.tail(),
                    _ => String::new(),
                };
                Err(self
                    .failure(
                        format!("{}, {} {}", status_line(expected), self.method, self.path),
                        format!("{answer}{log}"),
                    )
                    .perhaps_if(likely_cause(&answer, self.method, self.path, expected)))
            }
            Err(none) => Err(self
                .failure(
                    format!("{}, {} {}", status_line(expected), self.method, self.path),
                    format!("{none}{}", self.program.log.tail()),
                )
                .perhaps(self.likely_cause_of(&none))),
        }
    }

    fn likely_cause_of(&self, none: &NoAnswer) -> String {
        let cause = match none {
            NoAnswer::TooSlow(_) => "the handler waits for something that never comes",
            NoAnswer::NotHttp(_) => "somebody writes to the connection beside actix-web",
            NoAnswer::Dropped | NoAnswer::Refused => match self.program.end() {
                Some(status) => {
                    return format!("the whole program has ended ({status}): the log may say why");
                }
                None => "the handler panicked: the log says where",
            },
        };
        cause.to_owned()
    }

    /// Expects the content type JSON.
    pub fn json(&self, answer: &Answer) -> Result<(), Failure> {
        let given = answer.header("content-type");
        let essence = given
            .as_deref()
            .map(|value| value.split(';').next().unwrap_or(value).trim());
        if essence.is_some_and(|essence| essence.eq_ignore_ascii_case("application/json")) {
            return Ok(());
        }
        Err(self
            .failure(
                "content-type: application/json".to_owned(),
                answer.to_string(),
            )
            .perhaps(match essence {
                None => "nobody set a Content-Type, as `.finish()` does not either".to_owned(),
                Some(other) if other.ends_with("+json") => {
                    format!("{other} is another type: `.json(…)` declares the right one")
                }
                Some(_) => "`.body(…)` takes a text for text; `.json(…)` declares what it writes"
                    .to_owned(),
            }))
    }

    /// Expects a JSON object in which `field` has this value. Other fields are allowed.
    pub fn expect_json_field(
        &self,
        answer: &Answer,
        field: &str,
        expected: &str,
    ) -> Result<(), Failure> {
        let body: Result<Value, _> = serde_json::from_str(&answer.body);
        let perhaps = match &body {
            Ok(Value::Object(fields)) => match fields.get(field) {
                Some(Value::String(value)) if value == expected => return Ok(()),
                Some(Value::String(value)) if value.eq_ignore_ascii_case(expected) => {
                    format!("programs read this: {value:?} is not {expected:?} to them")
                }
                Some(value) => format!("the field {field:?} is there, but it says {value}"),
                None => format!("there is no field {field:?} in it"),
            },
            Ok(Value::Array(_)) => "a tuple or a list becomes a JSON array".to_owned(),
            Ok(Value::String(_)) => {
                "a text that is JSON already was made JSON once more".to_owned()
            }
            Ok(_) => "this is JSON, but not an object".to_owned(),
            Err(_) if answer.body.is_empty() => "the answer was finished without a body".to_owned(),
            Err(error) => format!("this is not JSON: {error}"),
        };
        Err(self
            .failure(
                format!("{{\"{field}\":\"{expected}\"}}"),
                answer.to_string(),
            )
            .perhaps(perhaps))
    }

    /// A failure of answers that took too long. Its commands show the time of each of this many answers, one after the other.
    pub fn timed(&self, times: usize, failure: Failure) -> Failure {
        let shown = r"curl -is -m 5 -w '\n%{time_total} s\n'";
        let command = self.command();
        let one = command.replace("curl -i", shown);
        let many = format!("for i in $(seq {times}); do {one}; done");
        Failure {
            how: self.how.replace(&command, &many),
            ..failure
        }
    }

    /// A failure of many probes at once. Its commands send as many, and show the status and the time of each.
    pub fn at_once(&self, failure: Failure) -> Failure {
        let many = format!("seq 32 | xargs -P 32 -I{{}} curl {TIMED}");
        Failure {
            how: self.how.replace("curl -i", &many),
            ..failure
        }
    }

    /// A failure that says how to repeat this request.
    pub fn failure(&self, expected: impl Into<String>, found: impl Into<String>) -> Failure {
        Failure::new(expected, found, self.how.clone())
    }
}
