//! Step 4: every event is one line on stdout, and every line is one JSON object.

mod connection;
mod end;
mod event;
mod failures;
mod fields;
mod flood;
mod hostile;
mod ids;
mod panics;
mod requests;
mod settings;
mod silence;
mod stage;
mod start;
mod texts;
mod trouble;

use std::{panic::resume_unwind, thread};

use crate::{
    check::{Check, Results},
    fake_postgres::{FakePostgres, State},
    verify::{Blocked, Subject},
};
use stage::Scene;
pub use start::PLAIN;

/// The checks that the others rest on.
const JSON: Option<&str> = Some("json-logs.writes-json");
const WHAT: Option<&str> = Some("json-logs.says-what");
const KEYS: Option<&str> = Some("json-logs.shows-key-values");
const OWN: Option<&str> = Some("json-logs.keeps-its-own-fields");
const EACH: Option<&str> = Some("json-logs.logs-each-request");
const SENT_BACK: Option<&str> = Some("json-logs.sends-the-id-back");
const MARKED: Option<&str> = Some("json-logs.marks-every-event");

#[rustfmt::skip] // a table
pub const CHECKS: &[Check] = &[
    Check::new("json-logs.writes-json", "a line of the log is one JSON object", None, "Write one object"),
    Check::new("json-logs.writes-nothing-else", "so is every other line", JSON, "Write one object"),
    Check::new("json-logs.writes-to-stdout", "all of it is on stdout", JSON, "Write one object"),
    Check::new("json-logs.says-when", "ts: now, in UTC, with milliseconds", JSON, "Four fields"),
    Check::new("json-logs.says-how-bad", "level: INFO or WARN, in capitals", JSON, "Four fields"),
    Check::new("json-logs.says-what", "msg: the text, as it was logged", JSON, "Four fields"),
    Check::new("json-logs.says-where", "module: where in the program", JSON, "Four fields"),
    Check::new("json-logs.shows-key-values", "key-values are fields beside them", WHAT, "Key-values are fields"),
    Check::new("json-logs.keeps-its-own-fields", "a key called level replaces nothing", KEYS, "Key-values are fields"),
    Check::new("json-logs.keeps-hangul", "한글 can be read in the line as it is", OWN, "Any text, one line"),
    Check::new("json-logs.escapes-text", "quotes and line breaks do no harm", OWN, "Any text, one line"),
    Check::new("json-logs.disarms-controls", "no line holds what a terminal obeys", Some("json-logs.escapes-text"), "Any text, one line"),
    Check::new("json-logs.logs-each-request", "one event for each request, 404s too", KEYS, "One event per request"),
    Check::new("json-logs.says-which-request", "its method, path and route", EACH, "One event per request"),
    Check::new("json-logs.says-how-it-ended", "its status and bytes, as numbers", EACH, "One event per request"),
    Check::new("json-logs.says-how-long", "its duration_ms, as a number", EACH, "One event per request"),
    Check::new("json-logs.keeps-secrets-out", "no query, no credentials in the log", EACH, "Leave secrets out"),
    Check::new("json-logs.quiets-probes", "probes are logged, but at DEBUG", EACH, "Quiet the probes"),
    Check::new("json-logs.sends-the-id-back", "X-Request-Id: the one in the log", EACH, "Give each request an id"),
    Check::new("json-logs.keeps-the-callers-id", "a caller's own id is kept", SENT_BACK, "Give each request an id"),
    Check::new("json-logs.refuses-bad-ids", "but not if it is long or hostile", SENT_BACK, "Give each request an id"),
    Check::new("json-logs.marks-every-event", "request_id on all events of a request", SENT_BACK, "Give each request an id"),
    Check::new("json-logs.logs-a-failure-once", "one event tells why the database failed", MARKED, "Any text, one line"),
    Check::new("json-logs.logs-panics", "a panic is one ERROR, with its place", KEYS, "Panics are events"),
    Check::new("json-logs.obeys-rust-log", "RUST_LOG=warn leaves out INFO", JSON, "Obey RUST_LOG"),
    Check::new("json-logs.takes-empty-for-info", "RUST_LOG unset or empty means info", JSON, "Obey RUST_LOG"),
    Check::new("json-logs.logs-the-stop", "the last event arrives, too", JSON, "Write one object"),
    Check::new("json-logs.stands-the-flood", "10,000 hostile requests, a line for each", Some("json-logs.refuses-bad-ids"), "Any text, one line"),
];

/// First a program that is well: what it writes at its start, and about requests of all kinds. Then, side by side, others with
/// other settings, and one in trouble. The flood comes last, and alone: it takes the whole machine.
pub fn verify(subject: &Subject, results: &Results) -> anyhow::Result<Result<(), Blocked>> {
    let executable = match subject.program()? {
        Ok(program) => program,
        Err(blocked) => return Ok(Err(blocked)),
    };
    let scene = &Scene::new(&executable, results);
    let database = FakePostgres::start(State::Up)?;
    if let Some(stage) = start::verify(scene, &database) {
        texts::verify(&stage);
        requests::verify(&stage);
        ids::verify(&stage);
        end::verify(stage);
        thread::scope(|scope| {
            let running = [
                scope.spawn(|| trouble::verify(scene)),
                scope.spawn(|| settings::verify(scene)),
            ];
            running.into_iter().try_for_each(|scenario| {
                scenario.join().unwrap_or_else(|panic| resume_unwind(panic))
            })
        })?;
        flood::verify(scene);
    }
    Ok(Ok(()))
}
