//! Step 5: `GET /metrics` says how many requests there were, how they ended and how long they took, at a price that no stranger
//! can drive up.

mod agreement;
mod counter_delta;
mod counting;
mod database;
mod exposition_format;
mod failures;
mod flood;
mod grouping;
mod histogram;
mod invented;
mod late;
mod probe;
mod probes;
mod registry;
mod timing;

use std::thread;

use crate::{
    check::{Results, Stop, checks},
    harness::{
        fake_postgres::{FakePostgres, State},
        launch::Launch,
        program::Program,
        text::printable,
    },
    subject::Subject,
};
use probe::{MetricsProbe, question};

const PATH: &str = "/metrics";
const COUNTER: &str = "http_requests_total";
const HISTOGRAM: &str = "http_request_duration_seconds";

checks! {
    ANSWERS_200 = Core, "metrics.answers-200", "GET /metrics answers 200 OK", "Show what was counted";
    SAYS_TEXT = Core, "metrics.says-text", "/metrics is declared as text/plain", "Show what was counted", needs ANSWERS_200;
    KEEPS_THE_FORMAT = Core, "metrics.keeps-the-format", "every line is Prometheus' text format", "Show what was counted", needs SAYS_TEXT;
    EXPLAINS_ITSELF = Core, "metrics.explains-itself", "each metric has its HELP and its TYPE", "Show what was counted", needs KEEPS_THE_FORMAT;
    TELLS_ABOUT_THE_PROCESS = Core, "metrics.tells-about-the-process", "process memory and start time are there", "Show what was counted", needs KEEPS_THE_FORMAT;
    TELLS_THE_VERSION = Core, "metrics.tells-the-version", "build_info says which version this is", "Show what was counted", needs KEEPS_THE_FORMAT;
    NEEDS_NO_DATABASE = Core, "metrics.needs-no-database", "/metrics asks no database", "Ask nobody else", needs KEEPS_THE_FORMAT;
    HAS_A_COUNTER = Core, "metrics.has-a-counter", "http_requests_total is a counter", "Count every request once", needs NEEDS_NO_DATABASE;
    LABELS_REQUESTS = Core, "metrics.labels-requests", "labels: method, path and status", "Count every request once", needs HAS_A_COUNTER;
    KEEPS_WHAT_IT_COUNTED = Core, "metrics.keeps-what-it-counted", "a scrape takes nothing away", "Count every request once", needs LABELS_REQUESTS;
    SHARES_ONE_REGISTRY = Core, "metrics.shares-one-registry", "all workers count in one place", "One registry for all workers", needs KEEPS_WHAT_IT_COUNTED;
    COUNTS_EACH_REQUEST = Core, "metrics.counts-each-request", "the counter moves by 1 per request", "Count every request once", needs SHARES_ONE_REGISTRY;
    NAMES_METHOD_AND_STATUS = Core, "metrics.names-method-and-status", "method and status are the real ones", "Count every request once", needs COUNTS_EACH_REQUEST;
    COUNTS_PROBES = Core, "metrics.counts-probes", "probes and scrapes are counted, too", "Count every request once", needs COUNTS_EACH_REQUEST;
    NAMES_THE_ROUTE = Core, "metrics.names-the-route", "path is the route, not the address", "Keep the labels few", needs COUNTS_EACH_REQUEST;
    GROUPS_UNMATCHED = Core, "metrics.groups-unmatched", "what no route matches is one series", "Keep the labels few", needs NAMES_THE_ROUTE;
    BOUNDS_METHODS = Core, "metrics.bounds-methods", "invented methods make no series", "Keep the labels few", needs GROUPS_UNMATCHED;
    STAYS_SMALL = Core, "metrics.stays-small", "10,000 strange requests add nothing", "Keep the labels few", needs BOUNDS_METHODS;
    HAS_A_HISTOGRAM = Core, "metrics.has-a-histogram", "http_request_duration_seconds is there", "Choose the buckets", needs COUNTS_EACH_REQUEST;
    AGREES_WITH_ITSELF = Core, "metrics.agrees-with-itself", "counter and histogram agree", "Choose the buckets", needs HAS_A_HISTOGRAM;
    MEASURES_SECONDS = Core, "metrics.measures-seconds", "a wait of 1 s is measured as 1", "Choose the buckets", needs HAS_A_HISTOGRAM;
    BOUNDS_WHAT_MATTERS = Core, "metrics.bounds-what-matters", "the buckets fit this service's times", "Choose the buckets", needs MEASURES_SECONDS;
    COUNTS_FAILURES = Extra, "metrics.counts-failures", "every kind of failure is counted as 5xx", "Count what goes wrong", needs COUNTS_EACH_REQUEST;
    BEGINS_AT_ZERO = Extra, "metrics.begins-at-zero", "error series begin at 0", "Count what goes wrong", needs LABELS_REQUESTS;
}

/// First counting while the database is healthy; then durations, failures, and last hostile requests.
pub fn verify(subject: &Subject, results: &Results) -> Result<(), Stop> {
    let launch = Launch::new(&subject.program()?);
    let first = results.check(row::ANSWERS_200, || {
        let program = Program::start(&launch)?;
        let question = question(&program, &launch, PATH);
        let answer = question.status(200, program.get(PATH))?;
        question
            .expect_by_each_client(|question, answer| question.status(200, answer).map(drop))?;
        Ok((program, answer))
    });
    let Some((program, answer)) = first else {
        return Ok(());
    };
    let probe = MetricsProbe {
        program: &program,
        launch: &launch,
        results,
    };
    exposition_format::check_all(&probe, &answer);
    database::is_not_needed(&probe)?;
    let locked = FakePostgres::start(State::Locked)?;
    thread::scope(|scope| -> Result<(), Stop> {
        let late = scope.spawn(|| late::is_measured(&probe, &locked));
        counting::check_all(&probe);
        grouping::check_all(&probe);
        Ok(timing::check_all(&probe, late)?)
    })?;
    failures::check_all(&probe)?;
    flood::check_all(&probe);
    Ok(())
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

/// One line, truncated so that it does not crowd out the rest.
fn shown(line: &str) -> String {
    const LONGEST: usize = 150;
    let line = printable(line);
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} …", &line[..end]),
        None => line,
    }
}
