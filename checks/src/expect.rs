//! What several steps expect of an answer, and what a learner is told when it is otherwise.

use serde_json::Value;

use crate::{
    check::Failure,
    http::{Answer, NoAnswer, status_line},
    program::Program,
};

/// One question that was put to a program: what it takes to speak of its answer.
pub struct Question<'a> {
    pub program: &'a Program,
    /// `GET` or `HEAD`.
    pub method: &'a str,
    pub path: &'a str,
    /// A command that the learner can repeat.
    pub how: String,
}

impl<'a> Question<'a> {
    /// The same question, asked with `HEAD`.
    pub fn with_head(&self) -> Question<'a> {
        Question {
            method: "HEAD",
            how: self.how.replace("curl -i", "curl -i --head"),
            ..*self
        }
    }

    /// There is an answer, and it has this status.
    pub fn status(
        &self,
        expected: u16,
        answer: Result<Answer, NoAnswer>,
    ) -> Result<Answer, Failure> {
        match answer {
            Ok(answer) if answer.status == expected => Ok(answer),
            Ok(answer) => {
                // A server error has its cause in the log; 501 is the stub's answer, and has none.
                let log = match answer.status {
                    501 => String::new(),
                    500.. => self.program.log.tail(),
                    _ => String::new(),
                };
                Err(Failure {
                    perhaps: likely_cause(&answer, self.path, expected),
                    ..self.failure(
                        format!("{}, {} {}", status_line(expected), self.method, self.path),
                        format!("{answer}{log}"),
                    )
                })
            }
            Err(none) => Err(Failure {
                perhaps: Some(self.likely_cause_of(&none)),
                ..self.failure(
                    format!("{}, {} {}", status_line(expected), self.method, self.path),
                    format!("{none}{}", self.program.log.tail()),
                )
            }),
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

    /// It is declared as JSON.
    pub fn json(&self, answer: &Answer) -> Result<(), Failure> {
        let given = answer.header("content-type");
        let essence = given
            .as_deref()
            .map(|value| value.split(';').next().unwrap_or(value).trim());
        if essence.is_some_and(|essence| essence.eq_ignore_ascii_case("application/json")) {
            return Ok(());
        }
        Err(Failure {
            perhaps: Some(match essence {
                None => "nobody set a Content-Type, as `.finish()` does not either".to_owned(),
                Some(_) => "`.body(…)` takes a text for text; `.json(…)` declares what it writes"
                    .to_owned(),
            }),
            ..self.failure(
                "content-type: application/json".to_owned(),
                answer.to_string(),
            )
        })
    }

    /// It is a JSON object in which `field` has this value. Other fields are welcome.
    pub fn says(&self, answer: &Answer, field: &str, expected: &str) -> Result<(), Failure> {
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
        Err(Failure {
            perhaps: Some(perhaps),
            ..self.failure(
                format!("{{\"{field}\":\"{expected}\"}}"),
                answer.to_string(),
            )
        })
    }

    /// Nobody on the way may keep it.
    pub fn not_kept(&self, answer: &Answer) -> Result<(), Failure> {
        let given = answer.header("cache-control").unwrap_or_default();
        if given
            .split(',')
            .any(|directive| directive.trim().eq_ignore_ascii_case("no-store"))
        {
            return Ok(());
        }
        Err(Failure {
            perhaps: Some(if given.is_empty() {
                "no Cache-Control is set".to_owned()
            } else {
                format!("{given:?} lets somebody keep it, if only to ask again later")
            }),
            ..self.failure(
                format!(
                    "cache-control: no-store   (on {})",
                    status_line(answer.status)
                ),
                answer.to_string(),
            )
        })
    }

    /// What `HEAD` is answered: what `get` was, but for the body.
    pub fn same_to_head(
        &self,
        get: &Answer,
        head: Result<Answer, NoAnswer>,
    ) -> Result<(), Failure> {
        let head = self.status(get.status, head)?;
        let same = |failure: Failure| Failure {
            expected: format!("{}, to HEAD as to GET", failure.expected),
            perhaps: Some("HEAD has a handler of its own, which says something else".to_owned()),
            ..failure
        };
        if self.json(get).is_ok() {
            self.json(&head).map_err(same)?;
        }
        if self.not_kept(get).is_ok() {
            self.not_kept(&head).map_err(same)?;
        }
        Ok(())
    }

    /// A failure that says how this question was asked.
    pub fn failure(&self, expected: String, found: String) -> Failure {
        Failure {
            expected,
            found,
            how: self.how.clone(),
            perhaps: None,
        }
    }
}

fn likely_cause(answer: &Answer, path: &str, expected: u16) -> Option<String> {
    let cause = match answer.status {
        501 => "this is the stub's answer: the step is waiting for you".to_owned(),
        404 => format!("no route leads to {path}"),
        405 => format!("{path} has a route, but not for this method"),
        500 => "the handler returned an error".to_owned(),
        200 if expected == 503 && answer.body.contains("503") => {
            "the status travels in the body instead of the status line".to_owned()
        }
        200 if expected == 503 => {
            "whoever reads only the status line believes that all is well".to_owned()
        }
        204 => "204 means: no body follows".to_owned(),
        300..400 => "whoever probes does not follow redirects".to_owned(),
        _ => return None,
    };
    Some(cause)
}
