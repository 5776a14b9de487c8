//! Step 5: `GET /metrics` says how many requests there were, how they ended and how long they took, at a price that no stranger
//! can drive up.

mod counting;
mod failures;
mod flood;
mod form;
mod grouping;
mod histogram;
mod moved;
mod registry;
mod timing;
mod watched;

use crate::{
    check::{Check, Results},
    fake_postgres::FakePostgres,
    http::printable,
    program::{Program, package},
    steps::random_word,
    verify::{Blocked, Subject},
};
use watched::{Watched, question};

const PATH: &str = "/metrics";
const COUNTER: &str = "http_requests_total";
const HISTOGRAM: &str = "http_request_duration_seconds";

/// A file in the empty folder that each program gets: a real database, as the learner has it.
const DATABASE: &str = "readings.sqlite3";

/// The checks that others rest on.
const ANSWERS: Option<&str> = Some("metrics.answers-200");
const FORMAT: Option<&str> = Some("metrics.keeps-the-format");
const LABELS: Option<&str> = Some("metrics.labels-requests");
const ONE: Option<&str> = Some("metrics.shares-one-registry");
const EACH: Option<&str> = Some("metrics.counts-each-request");
const TIMES: Option<&str> = Some("metrics.has-a-histogram");

#[rustfmt::skip] // a table
pub const CHECKS: &[Check] = &[
    Check::new("metrics.answers-200", "GET /metrics answers 200 OK", None, "Show what was counted"),
    Check::new("metrics.says-text", "it is declared as text/plain", ANSWERS, "Show what was counted"),
    Check::new("metrics.keeps-the-format", "every line is Prometheus' text format", Some("metrics.says-text"), "Show what was counted"),
    Check::new("metrics.explains-itself", "each metric has its HELP and its TYPE", FORMAT, "Show what was counted"),
    Check::new("metrics.tells-about-the-process", "its memory, and when it started", FORMAT, "Show what was counted"),
    Check::new("metrics.tells-the-version", "build_info says which version this is", FORMAT, "Show what was counted"),
    Check::new("metrics.needs-no-database", "/metrics asks no database", FORMAT, "Ask nobody else"),
    Check::new("metrics.has-a-counter", "http_requests_total is a counter", Some("metrics.needs-no-database"), "Count every request once"),
    Check::new("metrics.labels-requests", "its labels: method, path and status", Some("metrics.has-a-counter"), "Count every request once"),
    Check::new("metrics.keeps-what-it-counted", "a scrape takes nothing away", LABELS, "Count every request once"),
    Check::new("metrics.shares-one-registry", "all workers count in one place", Some("metrics.keeps-what-it-counted"), "One registry for all workers"),
    Check::new("metrics.counts-each-request", "it moves by 1 with each request", ONE, "Count every request once"),
    Check::new("metrics.names-method-and-status", "method and status are the real ones", EACH, "Count every request once"),
    Check::new("metrics.counts-probes", "probes and scrapes are counted, too", EACH, "Count every request once"),
    Check::new("metrics.names-the-route", "path is the route, not the address", EACH, "Keep the labels few"),
    Check::new("metrics.groups-unmatched", "what no route matches is one series", Some("metrics.names-the-route"), "Keep the labels few"),
    Check::new("metrics.bounds-methods", "invented methods make no series", Some("metrics.groups-unmatched"), "Keep the labels few"),
    Check::new("metrics.stays-small", "10,000 strange requests add nothing", Some("metrics.bounds-methods"), "Keep the labels few"),
    Check::new("metrics.has-a-histogram", "http_request_duration_seconds is there", EACH, "Choose the buckets"),
    Check::new("metrics.agrees-with-itself", "its _count says what the counter says", TIMES, "Choose the buckets"),
    Check::new("metrics.measures-seconds", "a wait of 1 s is measured as 1", TIMES, "Choose the buckets"),
    Check::new("metrics.bounds-what-matters", "its bounds are where this service is", Some("metrics.measures-seconds"), "Choose the buckets"),
    Check::new("metrics.counts-failures", "5xx: failed, refused, panicked", EACH, "Count what goes wrong"),
    Check::new("metrics.begins-at-zero", "errors stand at 0 before the first", LABELS, "Count what goes wrong"),
];

/// What is counted while the database is well; then how long it takes, what goes wrong, and last what strangers try.
pub fn verify(subject: &Subject, results: &Results) -> anyhow::Result<Result<(), Blocked>> {
    let executable = match subject.program()? {
        Ok(program) => program,
        Err(blocked) => return Ok(Err(blocked)),
    };
    let first = results.check("metrics.answers-200", || {
        let program = Program::start(&executable, DATABASE)?;
        let answer =
            question(&program, &package(&executable), PATH, "").status(200, program.get(PATH))?;
        Ok((program, answer))
    });
    let Some((program, answer)) = first else {
        return Ok(Ok(()));
    };
    let watched = Watched {
        program: &program,
        package: &package(&executable),
        results,
        settings: "",
    };
    form::verify(&watched, &answer);
    failures::needs_no_database(&watched, &executable)?;
    counting::verify(&watched);
    grouping::verify(&watched);
    timing::verify(&watched, &executable)?;
    failures::verify(&watched, &executable)?;
    flood::verify(&watched, &executable);
    Ok(Ok(()))
}

fn url_of(database: &FakePostgres) -> String {
    format!(
        "postgres://{}@127.0.0.1:{}/{}",
        random_word(),
        database.port(),
        random_word()
    )
}

/// A few lines, so that a message stays a message.
fn listed(lines: impl IntoIterator<Item = String>) -> String {
    const SHOWN: usize = 6;
    let mut lines: Vec<String> = lines.into_iter().map(|line| shown(&line)).collect();
    if lines.len() > SHOWN {
        let more = lines.len() - SHOWN;
        lines.truncate(SHOWN);
        lines.push(format!("… and {more} more"));
    }
    lines.join("\n")
}

/// One line, without what would push the rest away.
fn shown(line: &str) -> String {
    const LONGEST: usize = 150;
    let line = printable(line);
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} …", &line[..end]),
        None => line,
    }
}
