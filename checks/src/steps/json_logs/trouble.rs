//! A program in trouble: the database goes, and a handler panics.

use std::{io, num::NonZero, thread};

use super::{
    connection::Connection,
    event::Event,
    failures, ids, panics,
    stage::{Scene, Stage, curl},
};
use crate::{
    check::Failure,
    fake_postgres::{FakePostgres, State},
    steps::random_word,
};

const SETTINGS: [(&str, &str); 3] = [
    ("RUST_LOG", "info"),
    ("DRILL", "1"),
    ("RUST_BACKTRACE", "1"),
];

/// The pool waits 750 ms for a database that refuses. No less than this is plausible then, in milliseconds.
const SLOW: f64 = 500.0;

/// How the readings begin to tell that the database has failed.
const CAUSE: &str = "readings: ";

/// How many requests of one thread wait for the database at the same time.
const AT_ONCE: usize = 4;

pub fn verify(scene: &Scene) -> io::Result<()> {
    let results = scene.results;
    let server = FakePostgres::start(State::Refusing)?;
    let url = format!("postgres://me:secret@127.0.0.1:{}/readings", server.port());
    let before = "DRILL=1 DATABASE_URL=postgres://me@127.0.0.1:1/db ";
    let stage = match scene.start(before, &url, &SETTINGS) {
        Ok(stage) => stage,
        Err(failure) => {
            // It did start a moment ago, with a database that was there.
            results.check("json-logs.logs-panics", || Err::<(), _>(failure));
            return Ok(());
        }
    };
    results.check("json-logs.says-how-long", || says_how_long(&stage));
    results.check("json-logs.marks-every-event", || {
        ids::marks_what_handlers_log(&stage)?;
        marks_what_waits(&stage)
    });
    results.check("json-logs.logs-a-failure-once", || {
        failures::are_logged_once(&stage, &server)
    });
    results.check("json-logs.logs-panics", || panics::are_logged(&stage));
    Ok(())
}

fn says_how_long(stage: &Stage) -> Result<(), Failure> {
    let path = format!("/readings/{}", random_word());
    let answer = stage.ask("GET", &path, &[], "")?;
    let Some(event) = stage.event(&path) else {
        // Others have been logged, so this one is the concern of `logs-each-request`.
        return Err(stage.failure(
            &curl("GET", &path, ""),
            format!("an event about GET {path}"),
            stage.instead_of(&path),
            "requests that fail are not logged",
        ));
    };
    let took = answer.took.as_secs_f64() * 1000.0;
    let perhaps = match event.field("duration_ms").as_f64() {
        Some(said) if (SLOW..=took).contains(&said) => return Ok(()),
        Some(said) if (SLOW..=took).contains(&(said * 1000.0)) => "these look like seconds",
        Some(said) if said > took * 10.0 => "these look like microseconds, or finer",
        Some(_) => "the time is taken at another place than around the handler",
        None if event.field("duration_ms").is_string() => {
            "a number, with its unit in the name of the field: then it can be compared"
        }
        None => "there is no field \"duration_ms\"",
    };
    Err(stage.failure(
        &curl("GET", &path, ""),
        format!("duration_ms: a number, in milliseconds (the caller waited {took:.0} ms)"),
        event.to_string(),
        perhaps,
    ))
}

/// While a request waits for the database, its thread handles others, with other ids.
fn marks_what_waits(stage: &Stage) -> Result<(), Failure> {
    let path = format!("/readings/{}", random_word());
    let ids = wait_together(stage, &path).map_err(|error| {
        stage.failure(
            &curl("GET", &path, ""),
            "an answer to every request, several at the same time".to_owned(),
            error.to_string(),
            "the handler panicked, or the whole program has ended: the log may say why",
        )
    })?;
    for id in ids {
        let cause = |event: &Event| event.holds(CAUSE);
        let of_this = |event: &Event| cause(event) && event.text("request_id") == id;
        if stage.wait_for(of_this).is_none() {
            let last = stage.events().into_iter().rev().find(cause);
            return Err(stage.failure(
                &format!(
                    "{}\n(and others, while this one waits for the database)",
                    curl("GET", &path, "")
                ),
                format!("request_id: {id:?} on the event about the database"),
                last.map_or(stage.instead_of(CAUSE), |event| event.to_string()),
                "what is kept per thread is that of another request, once a handler has waited",
            ));
        }
    }
    Ok(())
}

/// Sends requests that wait for the database, all of them to the same thread, and then one that does not wait: whose id is it that
/// the thread remembers? Returns the ids of those that waited.
fn wait_together(stage: &Stage, path: &str) -> io::Result<Vec<String>> {
    // A worker per core, and connections go to them in turn: every n-th is the same thread's.
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let connections: io::Result<Vec<Connection>> = (0..=AT_ONCE * workers)
        .map(|_| Connection::open(stage.program.address()))
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
        .map(|connection| Ok(connection.answer()?.id.unwrap_or_default()))
        .collect()
}
