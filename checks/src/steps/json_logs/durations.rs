//! How long requests took, as the log says: in particular those that wait for a database.

use std::{io, thread, time::Duration};

use super::{
    event::Event,
    service::{Context, curl},
};
use crate::{
    check::Failure,
    harness::{
        fake_postgres::{FakePostgres, State},
        http::{self, ANSWER_LIMIT},
        launch::Launch,
        random::random_word,
        text::varying,
        threads::joined,
    },
};

/// The least plausible durations in milliseconds: the pool waits 750 ms for a database that refuses, and a reading 2 s for one that
/// does not answer.
const REFUSED: f64 = 500.0;
const LOCKED: f64 = 1_500.0;

/// The time limit for an answer: such a reading takes as long as others may take at most.
const LIMIT: Duration = ANSWER_LIMIT.saturating_mul(3);

const SETTINGS: [(&str, &str); 1] = [("RUST_LOG", "info")];

/// Looks at two programs, whose databases let them wait. The checks of others go on meanwhile: it takes some seconds.
///
/// # Errors
/// When there can be no database.
pub fn observe(context: &Context) -> io::Result<Result<(), Failure>> {
    let server = FakePostgres::start(State::Locked)?;
    let url = server.url("me:secret", "readings");
    let launch = |url: String, state| context.launch().database(url, state).settings(&SETTINGS);
    let locked = launch(url, State::Locked);
    let refusing = "postgres://me:secret@127.0.0.1:1/db".to_owned();
    let refusing = launch(refusing, State::Refusing);
    Ok(thread::scope(|scope| {
        let locked = scope.spawn(|| says_how_long(context, locked, LOCKED));
        let refusing = says_how_long(context, refusing, REFUSED);
        let locked = joined(locked);
        refusing.and(locked)
    }))
}

/// Expects a reading to take `least` milliseconds or more, and no more than its caller has waited.
fn says_how_long(context: &Context, launch: Launch, least: f64) -> Result<(), Failure> {
    let service = context.start(launch)?;
    let path = format!("/readings/{}", random_word());
    let command = curl("GET", &path, "");
    let answer = service.answered("GET", &command, || {
        http::send("GET", &service.program.url(&path), &[], "", LIMIT)
    })?;
    let Some(event) = service.event(&path) else {
        // That a request is missing from the log is the concern of `logs-each-request`.
        return Err(service.failure(
            &command,
            format!("an event about GET {path}"),
            service.instead_of(&path),
            "requests that fail are not logged",
        ));
    };
    let ended = |event: &&Event| event.holds(&path) && !event.field("status").is_null();
    service.program.log.wait_for_quiet();
    let events = service.events();
    let ended: Vec<&Event> = events.iter().filter(ended).collect();
    if let [first, second, ..] = ended.as_slice() {
        return Err(service.failure(
            &command,
            format!("one event about the end of GET {path}, although it was slow"),
            format!("{first}\n{second}"),
            "the duration is in the event of the request: who searches for slow ones finds it there",
        ));
    }
    let took = answer.took.as_secs_f64() * 1000.0;
    let perhaps = match event.field("duration_ms").as_f64() {
        Some(said) if (least..=took).contains(&said) => return Ok(()),
        Some(said) if (least..=took).contains(&(said * 1000.0)) => "these look like seconds",
        Some(said) if said > took * 10.0 => "these look like microseconds, or finer",
        Some(said) if least == LOCKED && (0.0..took % 1000.0).contains(&said) => {
            "these are the milliseconds of the last second only: as_millis counts them all"
        }
        Some(_) => "the time is taken at another place than around the handler",
        None if event.field("duration_ms").is_string() => {
            "a number, with its unit in the name of the field: then it can be compared"
        }
        None => "there is no field \"duration_ms\"",
    };
    Err(service.failure(
        &command,
        format!(
            "duration_ms: a number, in milliseconds (the caller waited {} ms)",
            varying("some", format!("{took:.0}"))
        ),
        event.to_string(),
        perhaps,
    ))
}
