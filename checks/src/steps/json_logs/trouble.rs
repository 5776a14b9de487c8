//! A program in trouble: the database goes, and a handler panics.

use std::{
    io, thread,
    time::{Duration, Instant},
};

use super::{
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

/// How many requests wait for the database at the same time, while others are answered.
const AT_ONCE: usize = 4;

/// Begun within this time, they all wait at the same time; if not, they are sent again, so many times.
const OVERLAP: Duration = Duration::from_millis(300);
const ROUNDS: usize = 5;

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

/// While some requests wait for the database, their threads handle others, with other ids.
fn marks_what_waits(stage: &Stage) -> Result<(), Failure> {
    let path = format!("/readings/{}", random_word());
    let mut ids = Vec::new();
    // On a busy machine the first may have ended before the last has begun: that would show nothing.
    for _ in 0..ROUNDS {
        let (answered, at_once) = wait_together(stage, &path)?;
        ids = answered;
        if at_once {
            break;
        }
    }
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

/// Sends requests that wait for the database, and others meanwhile. Returns the ids of the former, and whether they did wait at the
/// same time.
fn wait_together(stage: &Stage, path: &str) -> Result<(Vec<String>, bool), Failure> {
    thread::scope(|scope| {
        let started = Instant::now();
        let waiting: Vec<_> = (0..AT_ONCE)
            .map(|_| {
                let waiting = scope.spawn(|| stage.ask("GET", path, &[], ""));
                // Takes a moment, so that they do not all end in the same one.
                stage.ask("GET", "/", &[], "").map(|_| waiting)
            })
            .collect();
        let at_once = started.elapsed() < OVERLAP;
        let ids: Result<Vec<String>, Failure> = waiting
            .into_iter()
            .map(|waiting| {
                let answer = waiting?.join().expect("asking does not panic")?;
                Ok(answer.header(ids::HEADER).unwrap_or_default())
            })
            .collect();
        Ok((ids?, at_once))
    })
}
