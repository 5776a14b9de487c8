//! The claims of step 4's lesson about the readers of the log: Loki, CloudWatch and Datadog. None of them runs here; the tests
//! apply
//! the documented rules of each to the finished service's lines.

mod common;

use checks::harness::{launch::Launch, program::Program};
use common::programs::Programs;
use jiff::Timestamp;
use serde_json::{Map, Value};

type Event = Map<String, Value>;

/// Lines from the start, from successful and failed requests, from a drill and from a panic.
fn events() -> Vec<Event> {
    let programs = Programs::build([]).expect("cargo runs");
    let executable = programs.finished().expect("it compiles");
    let settings = [("RUST_LOG", "debug"), ("DRILL", "1")];
    let launch = Launch::new(&executable).settings(&settings);
    let program = Program::start(&launch).unwrap_or_else(|failure| panic!("{}", failure.found));
    for path in ["/health", "/nowhere", "/readings/attic", "/metrics"] {
        program.get(path).expect("an answer");
    }
    for path in ["/drill/panic", "/drill/log", "/drill/reset"] {
        let limit = checks::harness::http::ANSWER_LIMIT;
        checks::harness::http::ask("POST", &program.url(path), limit).expect("an answer");
    }
    program.log.wait_for_quiet();
    let lines = program.log.lines(0);
    let events: Vec<Event> = lines
        .iter()
        .map(|line| serde_json::from_str(&line.text).expect("one JSON object"))
        .collect();
    for msg in [
        "request",
        "panicked: this is a drill",
        "drill: all is well again",
    ] {
        assert!(events.iter().any(|event| event["msg"] == msg), "{msg}");
    }
    events
}

/// Loki's `| json` and Logs Insights make fields of names as they are, if those are plain words. Nested objects are flattened,
/// with generated names. Names that begin with @ are CloudWatch's.
fn is_flat_and_plain(event: &Event) {
    for (name, value) in event {
        let first = name.starts_with(|letter: char| letter.is_ascii_alphabetic());
        let plain = name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        assert!(first && plain, "{name} would have to be quoted");
        assert!(!value.is_object() && !value.is_array(), "{name} is nested");
    }
}

/// Loki finds the level under this name, in one of these spellings, among others.
fn loki_detects_the_level(event: &Event) {
    const LEVELS: [&str; 5] = ["trace", "debug", "info", "warn", "error"];
    let level = event["level"].as_str().unwrap_or_default().to_lowercase();
    assert!(LEVELS.contains(&level.as_str()), "{level}");
}

/// What remains of an event after the lesson's remappers have run.
fn datadog(mut event: Event) {
    // The status remapper looks at the first letters of a word, whatever their case.
    let level = event.remove("level").expect("a level");
    let status = match level.as_str().unwrap_or_default().to_lowercase().as_bytes() {
        [b'e', ..] => "error",
        [b'w', ..] => "warning",
        [b'i', ..] => "info",
        [b'd' | b't', ..] => "debug",
        _ => panic!("{level} is none of its words"),
    };
    let http = event.remove("status");
    event.insert("status".to_owned(), status.into());
    if event["msg"] == "request" {
        let code = http.as_ref().and_then(Value::as_u64);
        assert!(
            code.is_some_and(|code| (200..=599).contains(&code)),
            "{http:?}"
        );
    }
    // The message is a text, and the date is ISO 8601 and not more than 18 hours old.
    assert!(event["msg"].is_string());
    let date: Timestamp = event["ts"]
        .as_str()
        .unwrap_or_default()
        .parse()
        .expect("a date");
    assert!((Timestamp::now() - date).as_secs() < 18 * 60 * 60);
}

#[test]
fn loki_cloudwatch_and_datadog_find_the_fields_that_the_lesson_says() {
    for event in events() {
        is_flat_and_plain(&event);
        loki_detects_the_level(&event);
        datadog(event);
    }
}
