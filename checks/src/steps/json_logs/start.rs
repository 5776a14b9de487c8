//! What a program logs at its start.

use jiff::Timestamp;

use super::{
    event::Event,
    fields, row,
    service::{ARRIVAL, Context, RunningService, curl, shown},
};
use crate::{
    check::Failure,
    harness::{
        fake_postgres::{FakePostgres, State},
        log::Stream,
        text::printable,
    },
};

/// What "Found" begins with as long as the step is untouched: the stub leaves logging to env_logger.
pub const PLAIN: &str = "plain text, on stderr";

/// Nine hours ahead, so that local time is not UTC by chance.
const SETTINGS: [(&str, &str); 3] = [("RUST_LOG", "info"), ("DRILL", "1"), ("TZ", "KST-9")];

const IN_COLOUR: [(&str, &str); 3] = [
    ("RUST_LOG", "info"),
    ("RUST_LOG_STYLE", "always"),
    ("CLICOLOR_FORCE", "1"),
];

/// Starts a healthy program, and checks its first lines. Returns it with its first event, and the time before its start.
pub fn check_all<'a>(
    context: &'a Context<'a>,
    database: &FakePostgres,
) -> Option<(RunningService<'a>, Event, Timestamp)> {
    let results = context.results;
    let url = database.url("me:secret", "readings");
    let launch = context
        .launch()
        .database(url, State::Up)
        .settings(&SETTINGS);
    let before = Timestamp::now();
    let (service, start) = results.check(row::WRITES_JSON, || {
        let service = context.start(launch)?;
        let start = first_event(&service)?;
        Ok((service, start))
    })?;
    results.check(row::WRITES_NOTHING_ELSE, || {
        service.ask("GET", "/health", &[], "")?;
        // Before anything hostile is sent. Whether this request is logged at all is the concern of another check.
        let _ = service.logged_get(&[]);
        service.program.log.wait_for_quiet();
        every_line_is_one(&service)?;
        stays_plain(context)
    });
    fields::check_all(&service, &start);
    Some((service, start, before))
}

/// The line about listening, as an event.
fn first_event(service: &RunningService) -> Result<Event, Failure> {
    let address = service.program.address().to_string();
    let expected = "one line that is one JSON object, about the address it listens on".to_owned();
    if let Some(event) = service.event(&address) {
        return Ok(event);
    }
    let lines = service.program.log.lines(0);
    let Some(line) = lines.iter().find(|line| line.text.contains(&address)) else {
        let found = format!(
            "no line about {address} within {ARRIVAL:?}{}",
            service.program.log.tail()
        );
        let perhaps = "no logger was set up, or it holds lines back";
        return Err(service.failure("", expected, found, perhaps));
    };
    let why = Event::read(&line.text).err().unwrap_or_default();
    let (found, perhaps) = match (line.stream, line.text.starts_with('[')) {
        (Stream::Stderr, true) => (
            format!("{PLAIN}:\n{}", printable(&line.text)),
            "this is env_logger's own format: the step is waiting for you".to_owned(),
        ),
        _ => {
            let many = lines.iter().any(|line| line.text.trim() == "{");
            let perhaps = if many {
                "an object that is spread over many lines is many lines to a log".to_owned()
            } else {
                why
            };
            (shown(line), perhaps)
        }
    };
    Err(service.failure("", expected, found, &perhaps))
}

/// Colours are for terminals, and these settings ask for them wherever the log goes.
fn stays_plain(context: &Context) -> Result<(), Failure> {
    let service = context.start(context.launch().settings(&IN_COLOUR))?;
    service.program.log.wait_for_quiet();
    let Some((line, _)) = service.foreign_line(0) else {
        return Ok(());
    };
    Err(service.failure(
        "",
        "every line of the log is one JSON object".to_owned(),
        shown(&line),
        "colours are written: they are for terminals, and RUST_LOG_STYLE or CLICOLOR_FORCE asks for them everywhere",
    ))
}

fn every_line_is_one(service: &RunningService) -> Result<(), Failure> {
    let Some((line, why)) = service.foreign_line(0) else {
        return Ok(());
    };
    let perhaps = match line.text.as_str() {
        "" => "a line end is written twice".to_owned(),
        text if text.starts_with('{') => why,
        _ => "something is printed beside the logger: println!, eprintln!, dbg!".to_owned(),
    };
    Err(service.failure(
        &curl("GET", "/health", ""),
        "every line of the log is one JSON object".to_owned(),
        shown(&line),
        &perhaps,
    ))
}
