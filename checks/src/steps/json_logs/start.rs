//! What a program writes at its start.

use jiff::Timestamp;

use super::{
    event::Event,
    fields,
    stage::{ARRIVAL, Scene, Stage, curl, shown},
};
use crate::{check::Failure, fake_postgres::FakePostgres, http::printable, log::Stream};

/// How what is found begins where nobody has begun: the stub leaves it to env_logger.
pub const PLAIN: &str = "plain text, on stderr";

/// How a learner starts it so.
const BEFORE: &str = "DRILL=1 ";

/// Nine hours ahead, so that local time is not UTC by chance.
const SETTINGS: [(&str, &str); 3] = [("RUST_LOG", "info"), ("DRILL", "1"), ("TZ", "KST-9")];

/// Starts a program that is well, and looks at its first lines.
pub fn verify<'a>(scene: &'a Scene<'a>, database: &FakePostgres) -> Option<Stage<'a>> {
    let results = scene.results;
    let url = format!(
        "postgres://me:secret@127.0.0.1:{}/readings",
        database.port()
    );
    let before = Timestamp::now();
    let (stage, start) = results.check("json-logs.writes-json", || {
        let stage = scene.start(BEFORE, &url, &SETTINGS)?;
        let start = first_event(&stage)?;
        Ok((stage, start))
    })?;
    results.check("json-logs.writes-nothing-else", || {
        stage.ask("GET", "/health", &[], "")?;
        // Before anything hostile is sent: what becomes of that is for others to see, as is whether this is logged.
        let _ = stage.logged_get(&[]);
        stage.program.log.wait_for_quiet();
        every_line_is_one(&stage)
    });
    fields::verify(&stage, &start, before);
    Some(stage)
}

/// The line about listening, as an event.
fn first_event(stage: &Stage) -> Result<Event, Failure> {
    let address = stage.program.address().to_string();
    let expected = "one line that is one JSON object, about the address it listens on".to_owned();
    if let Some(event) = stage.event(&address) {
        return Ok(event);
    }
    let lines = stage.program.log.lines(0);
    let Some(line) = lines.iter().find(|line| line.text.contains(&address)) else {
        let found = format!(
            "no line about {address} within {ARRIVAL:?}{}",
            stage.program.log.tail()
        );
        let perhaps = "no logger was set up, or it holds lines back";
        return Err(stage.failure("", expected, found, perhaps));
    };
    let why = Event::read(&line.text).err().unwrap_or_default();
    let (found, perhaps) = match (line.stream, line.text.starts_with('[')) {
        (Stream::Stderr, true) => (
            format!("{PLAIN}:\n{}", printable(&line.text)),
            "this is env_logger's own format: the step is waiting for you".to_owned(),
        ),
        _ => {
            let many = lines.iter().any(|line| line.text.trim() == "{");
            let perhaps = match many {
                true => {
                    "an object that is spread over many lines is many lines to a log".to_owned()
                }
                false => why,
            };
            (shown(line), perhaps)
        }
    };
    Err(stage.failure("", expected, found, &perhaps))
}

fn every_line_is_one(stage: &Stage) -> Result<(), Failure> {
    let Some((line, why)) = stage.foreign_line(0) else {
        return Ok(());
    };
    let perhaps = match line.text.as_str() {
        "" => "a line end is written twice".to_owned(),
        text if text.starts_with('{') => why,
        _ => "something is printed beside the logger: println!, eprintln!, dbg!".to_owned(),
    };
    Err(stage.failure(
        &curl("GET", "/health", ""),
        "every line of the log is one JSON object".to_owned(),
        shown(&line),
        &perhaps,
    ))
}
