//! Readings are written over a connection that probes have had before. Only the embedded database can tell: the fake one stores
//! nothing.

use std::path::Path;

use super::{PATH, PROBES};
use crate::{
    check::Failure,
    harness::{
        fake_postgres::State,
        http::{self, ANSWER_LIMIT},
        launch::Launch,
        program::Program,
        random::random_word,
    },
    steps::{
        db_health::{question, recovers},
        question::Question,
    },
};

/// How a learner sends a reading. The shorter `--json` needs curl 7.82, which not every system has.
const SEND: &str = r#"curl -i -H 'Content-Type: application/json' -d '{"sensor":"attic","value":21.5}' http://127.0.0.1:8000/readings"#;

pub fn is_written_to(executable: &Path) -> Result<(), Failure> {
    let launch = Launch::new(executable);
    let program = Program::start(&launch)?;
    let asked = question(&program, &launch, &State::Up);
    if recovers(&asked).is_err() {
        // That this database is asked at all is the concern of `asks-sqlite-too`.
        return Ok(());
    }
    for _ in 0..PROBES {
        asked.status(200, program.get(PATH))?;
    }
    let reading = Question {
        method: "POST",
        path: "/readings",
        how: asked
            .repeated_before(PATH, PROBES, "/readings")
            .replace("curl -i http://127.0.0.1:8000/readings", SEND),
        ..asked
    };
    let url = program.url(reading.path);
    let headers = [("content-type", "application/json")];
    let body = format!(r#"{{"sensor":"{}","value":21.5}}"#, random_word());
    let answer = http::send("POST", &url, &headers, &body, ANSWER_LIMIT);
    reading.status(201, answer).map(drop).map_err(|failure| Failure {
        expected: format!(
            "{}, after {PROBES} probes of the embedded database",
            failure.expected
        ),
        ..failure
            .perhaps("the probes leave something behind on their connection: a setting, a transaction, a lock")
    })
}
