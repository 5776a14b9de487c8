//! The database fails: one event says why.

use std::time::Duration;

use super::{
    event::Event,
    ids,
    service::{RunningService, curl},
};
use crate::{
    check::Failure,
    harness::{
        fake_postgres::{FakePostgres, State},
        poll,
        random::random_word,
    },
};

/// The number of requests that fail because of it, one after the other.
const FAILURES: usize = 3;

/// The time limit for the pool to recover with the database: what step 2 promises.
const RECOVERY: Duration = Duration::from_secs(5);

/// Polling interval.
const PACE: Duration = Duration::from_millis(50);

pub fn are_logged_once(service: &RunningService, server: &FakePostgres) -> Result<(), Failure> {
    const PATH: &str = "/readings/attic";
    // The database must be up before it can fail.
    server.switch(State::Up);
    let ask = || service.ask("GET", PATH, &[], "");
    poll::latest(RECOVERY, PACE, ask, |answer| answer.status != 503)?;
    let cause = random_word();
    let failing = State::Failing(format!(
        "could not write block 0 of relation \"base/16384/16397\": 디스크에 남은 공간이 없습니다\nHINT:\tCheck free disk space, then start a vacuum: {cause}"
    ));
    server.switch(failing.clone());
    let mut failed = Vec::new();
    for _ in 0..FAILURES {
        let answer = service.ask("GET", PATH, &[], "")?;
        failed.push(answer.header(ids::HEADER).unwrap_or_default());
    }
    service.all_events(&cause);
    let events = service.events();
    for id in &failed {
        let told = |event: &&Event| event.text("request_id") == id && event.holds(&cause);
        let events: Vec<&Event> = events.iter().filter(told).collect();
        let (found, perhaps) = match events.as_slice() {
            [_] => continue,
            [] => (
                service.instead_of(&cause),
                "the text is cut, or only its first line is kept",
            ),
            [first, second, ..] => (
                format!("{} events:\n{first}\n{second}", events.len()),
                "it is logged twice, and is counted as two failures later",
            ),
        };
        return Err(Failure {
            how: service
                .launch
                .while_database_is(failing)
                .then(&curl("GET", PATH, "")),
            ..service.failure(
                "",
                format!("exactly one WARN or ERROR with request_id {id:?} that tells all of what the database said, up to {cause}"),
                found,
                perhaps,
            )
        });
    }
    Ok(())
}
