//! The fields of every event: level, message, module and key-values. The time is in `moments`.

use serde_json::Value;

use super::{
    event::Event,
    row,
    service::{RunningService, curl},
};
use crate::check::Failure;

/// Checks the event about the start of a program.
pub fn check_all(service: &RunningService, start: &Event) {
    let results = service.context.results;
    results.check(row::SAYS_HOW_BAD, || says_how_bad(service, start));
    results.check(row::SAYS_WHAT, || says_what(service, start));
    results.check(row::SAYS_WHERE, || says_where(service, start));
    results.check(row::SHOWS_KEY_VALUES, || shows_key_values(service, start));
}

fn says_how_bad(service: &RunningService, start: &Event) -> Result<(), Failure> {
    let failed = |curl: &str, level: &str, event: &Event| {
        let perhaps = match event.field("level") {
            Value::Null => "there is no field \"level\"",
            Value::Number(_) => "a number needs a table that says what it means",
            Value::String(said) if said.eq_ignore_ascii_case(level) => {
                "in capitals, as the log crate spells it: a search for it would miss this"
            }
            _ => "each event has a level of its own",
        };
        let expected = format!("level: {level:?}");
        Err(service.failure(curl, expected, event.to_string(), perhaps))
    };
    if start.text("level") != "INFO" {
        return failed("", "INFO", start);
    }
    let (curl, warning) = warning(service)?;
    match warning.text("level") {
        "WARN" => Ok(()),
        _ => failed(&curl, "WARN", &warning),
    }
}

fn says_what(service: &RunningService, start: &Event) -> Result<(), Failure> {
    let text = format!("listening on http://{}", service.program.address());
    let perhaps = match start.field("msg") {
        Value::String(said) if *said == text => return Ok(()),
        Value::Null => "there is no field \"msg\"",
        Value::String(said) if said.starts_with(['"', '{']) => {
            "msg is JSON in its turn: a text that was made JSON twice"
        }
        Value::String(said) if said.contains(&text) => {
            "msg is to be the text alone: what else is known has fields of its own"
        }
        _ => "msg is to be the text that was logged",
    };
    Err(service.failure("", format!("msg: {text:?}"), start.to_string(), perhaps))
}

fn says_where(service: &RunningService, start: &Event) -> Result<(), Failure> {
    let perhaps = match start.field("module") {
        Value::String(said) if said.contains("config") => return Ok(()),
        Value::Null => "there is no field \"module\"",
        _ => "the record knows it, and where it does not, its target is the next best",
    };
    let expected = r#"module: "solutions::config", where it was logged"#.to_owned();
    Err(service.failure("", expected, start.to_string(), perhaps))
}

fn shows_key_values(service: &RunningService, start: &Event) -> Result<(), Failure> {
    let address = service.program.address().to_string();
    let failed = |curl: &str, expected: &str, event: &Event, field: &str| {
        let perhaps = match event.field(field) {
            Value::Null if event.fields().values().any(Value::is_object) => {
                "they are inside another field: put them beside msg"
            }
            Value::Null => "what was logged beside the text is not in the line",
            Value::String(_) => "a number is to stay one: a text cannot be compared or summed up",
            _ => "its value is another one",
        };
        Err(service.failure(curl, expected.to_owned(), event.to_string(), perhaps))
    };
    if start.text("address") != address || start.text("version").is_empty() {
        return failed(
            "",
            "fields address and version, as they were logged",
            start,
            "address",
        );
    }
    let (curl, warning) = warning(service)?;
    match warning.field("ratio").as_f64() {
        Some(0.25) => Ok(()),
        _ => failed(&curl, "ratio: 0.25, as it was logged", &warning, "ratio"),
    }
}

/// An event at WARN with a number in it, and how to provoke it.
fn warning(service: &RunningService) -> Result<(String, Event), Failure> {
    const TARGET: &str = "/drill/errors?ratio=0.25";
    let curl = curl("POST", TARGET, "");
    let asked = service.ask("POST", TARGET, &[], "");
    service.ask("POST", "/drill/errors?ratio=0", &[], "")?;
    asked?;
    match service.event("requests to /readings fail from now on") {
        Some(event) => Ok((curl, event)),
        None => Err(service.failure(
            &curl,
            "an event about the requests that fail from now on".to_owned(),
            service.instead_of("fail from now on"),
            "what is logged at WARN is left out",
        )),
    }
}
