//! An outage: the database is away, and a handler panics.

use std::{io, num::NonZero, thread};

use super::{
    event::Event,
    failures, ids, panics, row,
    service::{Context, RunningService, curl},
};
use crate::{
    check::Failure,
    harness::{
        fake_postgres::{FakePostgres, State},
        random::random_word,
        raw_http::{Connection, QUEUE_LIMIT},
    },
};

const SETTINGS: [(&str, &str); 3] = [
    ("RUST_LOG", "info"),
    ("DRILL", "1"),
    ("RUST_BACKTRACE", "1"),
];

/// How the readings begin to tell that the database has failed.
const CAUSE: &str = "readings: ";

/// The number of requests on one thread that wait for the database at the same time.
const AT_ONCE: usize = 4;

pub fn check_all(context: &Context) -> io::Result<()> {
    let results = context.results;
    let server = FakePostgres::start(State::Refusing)?;
    let url = server.url("me:secret", "readings");
    let launch = context
        .launch()
        .database(url, State::Refusing)
        .settings(&SETTINGS);
    let service = match context.start(launch) {
        Ok(service) => service,
        Err(failure) => {
            // The same program has just started with a database, so it is the start without one that fails.
            results.check(row::LOGS_PANICS, || Err::<(), _>(failure));
            return Ok(());
        }
    };
    results.check(row::MARKS_EVERY_EVENT, || {
        ids::marks_what_handlers_log(&service)?;
        marks_what_waits(&service)?;
        panics::are_marked(context)
    });
    results.check(row::LOGS_A_FAILURE_ONCE, || {
        failures::are_logged_once(&service, &server)
    });
    results.check(row::LOGS_PANICS, || panics::are_logged(&service));
    Ok(())
}

/// While a request waits for the database, its thread handles others, with other ids.
fn marks_what_waits(service: &RunningService) -> Result<(), Failure> {
    let path = format!("/readings/{}", random_word());
    let ids = wait_together(service, &path).map_err(|error| {
        service.failure(
            &curl("GET", &path, ""),
            "an answer to every request, several at the same time".to_owned(),
            error.to_string(),
            "the handler panicked, or the whole program has ended: the log may say why",
        )
    })?;
    for id in ids {
        let cause = |event: &Event| event.holds(CAUSE);
        let of_this = |event: &Event| cause(event) && event.text("request_id") == id;
        if service.wait_for(of_this).is_none() {
            let last = service.events().into_iter().rev().find(cause);
            return Err(service.failure(
                &format!(
                    "{}\n(and others, while this one waits for the database)",
                    curl("GET", &path, "")
                ),
                format!("request_id: {id:?} on the event about the database"),
                last.map_or(service.instead_of(CAUSE), |event| event.to_string()),
                "what is kept per thread is that of another request, once a handler has waited",
            ));
        }
    }
    Ok(())
}

/// Sends requests that wait for the database, all of them to the same thread, and then one that does not wait, whose id a
/// thread-local variable would keep. Returns the ids of those that waited.
fn wait_together(service: &RunningService, path: &str) -> io::Result<Vec<String>> {
    // A worker per core, and connections go to them in turn: every n-th is the same thread's.
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let connections: io::Result<Vec<Connection>> = (0..=AT_ONCE * workers)
        .map(|_| Connection::open(service.program.address(), QUEUE_LIMIT))
        .collect();
    let mut connections = connections?;
    let mut waiting: Vec<&mut Connection> = connections.iter_mut().step_by(workers).collect();
    let request = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let other = waiting.pop();
    for connection in &mut waiting {
        connection.send(request(path).as_bytes())?;
    }
    if let Some(other) = other {
        other.send(request("/").as_bytes())?;
        other.answer()?;
    }
    waiting
        .into_iter()
        .map(|connection| {
            let answer = connection.answer()?;
            Ok(answer.header(ids::HEADER).unwrap_or_default().to_owned())
        })
        .collect()
}
