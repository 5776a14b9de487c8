//! Step 4: every event is one line on stdout, and every line is one JSON object.

mod answers;
mod durations;
mod escaping;
pub mod event;
mod failures;
mod fields;
mod flood;
mod hostile;
mod ids;
mod keep_alive;
mod long_texts;
mod moments;
mod outage;
mod panics;
mod printf;
mod probes;
mod redaction;
mod requests;
mod rust_log;
mod secrets;
mod sent_ids;
mod service;
mod settings;
mod shutdown;
mod start;
mod traffic;
mod unique;

use std::{io, thread};

use crate::{
    check::{Results, Stop, checks},
    harness::{
        fake_postgres::{FakePostgres, State},
        threads::joined,
    },
    subject::Subject,
};
use service::Context;
pub use start::PLAIN;

checks! {
    WRITES_JSON = Core, "json-logs.writes-json", "a line of the log is one JSON object", "Write one object";
    WRITES_NOTHING_ELSE = Core, "json-logs.writes-nothing-else", "every line of the log is a JSON object", "Write one object", needs WRITES_JSON;
    WRITES_TO_STDOUT = Core, "json-logs.writes-to-stdout", "every line of the log is on stdout", "Write one object", needs WRITES_JSON;
    SAYS_WHEN = Core, "json-logs.says-when", "ts is now, in UTC, with milliseconds", "Four fields", needs WRITES_JSON;
    SAYS_HOW_BAD = Core, "json-logs.says-how-bad", "level is INFO or WARN, in capitals", "Four fields", needs WRITES_JSON;
    SAYS_WHAT = Core, "json-logs.says-what", "msg is the text, as it was logged", "Four fields", needs WRITES_JSON;
    SAYS_WHERE = Core, "json-logs.says-where", "module says where in the program", "Four fields", needs WRITES_JSON;
    SHOWS_KEY_VALUES = Core, "json-logs.shows-key-values", "key-values are fields of the event", "Key-values are fields", needs SAYS_WHAT;
    KEEPS_ITS_OWN_FIELDS = Core, "json-logs.keeps-its-own-fields", "a key called level replaces nothing", "Key-values are fields", needs SHOWS_KEY_VALUES;
    KEEPS_HANGUL = Core, "json-logs.keeps-hangul", "한글 can be read in the line as it is", "Any text, one line", needs KEEPS_ITS_OWN_FIELDS;
    ESCAPES_TEXT = Core, "json-logs.escapes-text", "quotes and line breaks do no harm", "Any text, one line", needs KEEPS_ITS_OWN_FIELDS;
    DISARMS_CONTROLS = Core, "json-logs.disarms-controls", "no line holds what a terminal obeys", "Any text, one line", needs ESCAPES_TEXT;
    LOGS_EACH_REQUEST = Core, "json-logs.logs-each-request", "one event for each request, 404s too", "One event per request", needs SHOWS_KEY_VALUES;
    SAYS_WHICH_REQUEST = Core, "json-logs.says-which-request", "the event has method, path and route", "One event per request", needs LOGS_EACH_REQUEST;
    SAYS_HOW_IT_ENDED = Core, "json-logs.says-how-it-ended", "status and bytes are there, as numbers", "One event per request", needs LOGS_EACH_REQUEST;
    SAYS_HOW_LONG = Core, "json-logs.says-how-long", "duration_ms is there, as a number", "One event per request", needs LOGS_EACH_REQUEST;
    KEEPS_SECRETS_OUT = Core, "json-logs.keeps-secrets-out", "the log has no query and no credentials", "Leave secrets out", needs LOGS_EACH_REQUEST;
    QUIETS_PROBES = Extra, "json-logs.quiets-probes", "probes are logged, but at DEBUG", "Quiet the probes", needs LOGS_EACH_REQUEST;
    SENDS_THE_ID_BACK = Extra, "json-logs.sends-the-id-back", "X-Request-Id in the answer is the log's", "Give each request an id", needs LOGS_EACH_REQUEST;
    KEEPS_THE_CALLERS_ID = Extra, "json-logs.keeps-the-callers-id", "a caller's own id is kept", "Give each request an id", needs SENDS_THE_ID_BACK;
    REFUSES_BAD_IDS = Extra, "json-logs.refuses-bad-ids", "a long or hostile id is replaced", "Give each request an id", needs SENDS_THE_ID_BACK;
    MARKS_EVERY_EVENT = Extra, "json-logs.marks-every-event", "request_id on all events of a request", "Give each request an id", needs SENDS_THE_ID_BACK;
    LOGS_A_FAILURE_ONCE = Extra, "json-logs.logs-a-failure-once", "one event tells why the database failed", "Any text, one line", needs MARKS_EVERY_EVENT;
    LOGS_PANICS = Extra, "json-logs.logs-panics", "a panic is one ERROR, with its place", "Panics are events", needs SHOWS_KEY_VALUES;
    OBEYS_RUST_LOG = Core, "json-logs.obeys-rust-log", "RUST_LOG says what is logged", "Obey RUST_LOG", needs WRITES_JSON;
    TAKES_EMPTY_FOR_INFO = Core, "json-logs.takes-empty-for-info", "RUST_LOG unset or empty means info", "Obey RUST_LOG", needs WRITES_JSON;
    LOGS_THE_STOP = Core, "json-logs.logs-the-stop", "the last event is written, too", "Write one object", needs WRITES_JSON;
    STANDS_THE_FLOOD = Extra, "json-logs.stands-the-flood", "10,000 hostile requests, a line for each", "Any text, one line", needs REFUSES_BAD_IDS;
}

/// First a healthy program: what it logs at its start, and about requests of all kinds. Then, concurrently, programs with
/// other settings, and those that fail. The flood comes last, and alone: it needs the whole machine.
pub fn verify(subject: &Subject, results: &Results) -> Result<(), Stop> {
    let executable = subject.program()?;
    let context = &Context::new(&executable, results);
    let database = FakePostgres::start(State::Up)?;
    if let Some((service, start, before)) = start::check_all(context, &database) {
        thread::scope(|scope| -> io::Result<()> {
            let durations = scope.spawn(|| durations::observe(context));
            escaping::check_all(&service);
            let logged = requests::check_all(&service);
            let logged = logged.as_deref();
            ids::check_all(&service, logged.unwrap_or_default());
            let running = [
                scope.spawn(|| outage::check_all(context)),
                scope.spawn(|| settings::check_all(context)),
                scope.spawn(|| redaction::check_all(&service)),
            ];
            probes::check_all(&service);
            moments::check_all(&service, &start, before, logged);
            let durations = joined(durations)?;
            results.check(row::SAYS_HOW_LONG, || {
                durations?;
                requests::say_how_long(&service, logged.unwrap_or_default())
            });
            running.into_iter().try_for_each(joined)
        })?;
        shutdown::check_all(service);
        flood::check_all(context);
    }
    Ok(())
}
