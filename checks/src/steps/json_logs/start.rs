//! What a program writes at its start, and at its end: all that a line needs, whatever it is about.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{
    event::Event,
    stage::{ARRIVAL, Scene, Stage, curl, shown},
};
use crate::{
    check::Failure,
    fake_postgres::FakePostgres,
    http::printable,
    log::{Line, Stream},
};

/// How what is found begins where nobody has begun: the stub leaves it to env_logger.
pub const PLAIN: &str = "plain text, on stderr";

/// How a learner starts it so.
const BEFORE: &str = "DRILL=1 ";

/// Nine hours ahead, so that local time is not UTC by chance.
const SETTINGS: [(&str, &str); 3] = [("RUST_LOG", "info"), ("DRILL", "1"), ("TZ", "KST-9")];

/// How far two clocks of one machine may be apart, when one of them is rounded.
const SLACK: SignedDuration = SignedDuration::from_secs(1);

/// How long a program that nobody uses may take to stop.
#[cfg(unix)]
const STOP_LIMIT: Duration = Duration::from_secs(5);

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
    results.check("json-logs.says-when", || says_when(&stage, &start, before));
    results.check("json-logs.says-how-bad", || says_how_bad(&stage, &start));
    results.check("json-logs.says-what", || says_what(&stage, &start));
    results.check("json-logs.says-where", || says_where(&stage, &start));
    results.check("json-logs.shows-key-values", || {
        shows_key_values(&stage, &start)
    });
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

fn says_when(stage: &Stage, start: &Event, before: Timestamp) -> Result<(), Failure> {
    let failed = |perhaps: &str| {
        Err(stage.failure(
            "",
            r#"ts: the present, like "2026-11-23T18:05:20.334Z""#.to_owned(),
            start.to_string(),
            perhaps,
        ))
    };
    let ts = match start.field("ts") {
        Value::String(ts) => ts.as_str(),
        Value::Null => return failed("there is no field \"ts\""),
        _ => return failed("ts is no text: RFC 3339 is what people and machines both read"),
    };
    let digits = ts.split_once('.').map_or("", |(_, after)| after);
    let digits = digits.bytes().take_while(u8::is_ascii_digit).count();
    let Ok(time) = ts.parse::<Timestamp>() else {
        return failed("this is not RFC 3339: the offset from UTC is missing, or else the T");
    };
    if !(ts.ends_with('Z') || ts.ends_with("+00:00")) {
        return failed("this is not UTC: lines of several machines could not be put in order");
    }
    if digits != 3 {
        return failed("a second is too coarse to say what came first: milliseconds, three digits");
    }
    if time < before - SLACK || time > Timestamp::now() + SLACK {
        return failed("this is not the present: is it local time with a Z behind it?");
    }
    Ok(())
}

fn says_how_bad(stage: &Stage, start: &Event) -> Result<(), Failure> {
    let failed = |curl: &str, level: &str, event: &Event| {
        let perhaps = match event.field("level") {
            Value::Null => "there is no field \"level\"",
            Value::Number(_) => "whoever reads a number needs a table of what it means",
            Value::String(said) if said.eq_ignore_ascii_case(level) => {
                "in capitals, as the log crate spells it: a search for it would miss this"
            }
            _ => "each event has a level of its own",
        };
        let expected = format!("level: {level:?}");
        Err(stage.failure(curl, expected, event.to_string(), perhaps))
    };
    if start.text("level") != "INFO" {
        return failed("", "INFO", start);
    }
    let (curl, warning) = warning(stage)?;
    match warning.text("level") {
        "WARN" => Ok(()),
        _ => failed(&curl, "WARN", &warning),
    }
}

fn says_what(stage: &Stage, start: &Event) -> Result<(), Failure> {
    let text = format!("listening on http://{}", stage.program.address());
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
    Err(stage.failure("", format!("msg: {text:?}"), start.to_string(), perhaps))
}

fn says_where(stage: &Stage, start: &Event) -> Result<(), Failure> {
    let perhaps = match start.field("module") {
        Value::String(said) if said.contains("config") => return Ok(()),
        Value::Null => "there is no field \"module\"",
        _ => "the record knows it, and where it does not, its target is the next best",
    };
    let expected = r#"module: "solutions::config", where it was logged"#.to_owned();
    Err(stage.failure("", expected, start.to_string(), perhaps))
}

fn shows_key_values(stage: &Stage, start: &Event) -> Result<(), Failure> {
    let address = stage.program.address().to_string();
    let failed = |curl: &str, expected: &str, event: &Event, field: &str| {
        let perhaps = match event.field(field) {
            Value::Null if event.fields().values().any(Value::is_object) => {
                "they are inside of another field: put them beside msg"
            }
            Value::Null => "what was logged beside the text is not in the line",
            Value::String(_) => "a number is to stay one: a text cannot be compared or summed up",
            _ => "its value is another one",
        };
        Err(stage.failure(curl, expected.to_owned(), event.to_string(), perhaps))
    };
    if start.text("address") != address || start.text("version").is_empty() {
        return failed(
            "",
            "fields address and version, as they were logged",
            start,
            "address",
        );
    }
    let (curl, warning) = warning(stage)?;
    match warning.field("ratio").as_f64() {
        Some(0.25) => Ok(()),
        _ => failed(&curl, "ratio: 0.25, as it was logged", &warning, "ratio"),
    }
}

/// An event at WARN with a number in it, and how to provoke it.
fn warning(stage: &Stage) -> Result<(String, Event), Failure> {
    const TARGET: &str = "/drill/errors?ratio=0.25";
    let curl = curl("POST", TARGET, "");
    let asked = stage.ask("POST", TARGET, &[], "");
    stage.ask("POST", "/drill/errors?ratio=0", &[], "")?;
    asked?;
    match stage.event("requests to /readings fail from now on") {
        Some(event) => Ok((curl, event)),
        None => Err(stage.failure(
            &curl,
            "an event about the requests that fail from now on".to_owned(),
            stage.instead_of("fail from now on"),
            "what is logged at WARN is left out",
        )),
    }
}

/// Asks the program to stop, and looks at its last lines, and at where they all went.
pub fn verify_the_end(stage: Stage) {
    let results = stage.scene.results;
    #[cfg(unix)]
    results.check("json-logs.logs-the-stop", || logs_the_stop(&stage));
    #[cfg(not(unix))]
    results.blocked(
        "json-logs.logs-the-stop",
        "there is no SIGTERM on this system",
    );
    results.check("json-logs.writes-to-stdout", || {
        let lines = stage.program.log.lines(0);
        let on_stderr = |line: &&Line| line.stream == Stream::Stderr;
        match lines.iter().find(on_stderr) {
            None => Ok(()),
            Some(line) => Err(stage.failure(
                "",
                "every line on stdout, and nothing on stderr".to_owned(),
                format!(
                    "{} of {} lines on stderr; the first:\n{}",
                    lines.iter().filter(on_stderr).count(),
                    lines.len(),
                    printable(&line.text)
                ),
                "env_logger writes to stderr unless it is told another target",
            )),
        }
    });
}

#[cfg(unix)]
fn logs_the_stop(stage: &Stage) -> Result<(), Failure> {
    let ended = stage.program.stop(STOP_LIMIT);
    // actix-web has threads and workers that stop, too.
    let stopped = |event: &Event| {
        let said = match event.text("msg") {
            "" => event.line.as_str(),
            msg => msg,
        };
        said.contains("stopped") && !said.contains("thread") && !said.contains("worker")
    };
    let events = stage.events();
    if ended.is_some() && events.iter().any(stopped) {
        return Ok(());
    }
    let found = match ended {
        None => format!(
            "it still runs after {STOP_LIMIT:?}{}",
            stage.program.log.tail()
        ),
        Some(status) => format!("it ended ({status}){}", stage.program.log.tail()),
    };
    Err(stage.failure(
        "kill <its process id>, which sends SIGTERM",
        "an event \"stopped\" as the last".to_owned(),
        found,
        "lines are kept back, and lost when the program ends",
    ))
}
