//! The database fails: one event tells why.

use std::{
    thread,
    time::{Duration, Instant},
};

use super::{
    event::Event,
    ids,
    stage::{Stage, curl},
};
use crate::{
    check::Failure,
    fake_postgres::{FakePostgres, State},
    steps::random_word,
};

/// How many requests fail because of it, one after the other.
const FAILURES: usize = 3;

/// How long it may take until the pool has noticed that the database is back: what step 2 promises.
const RECOVERY: Duration = Duration::from_secs(5);

/// How often it is asked meanwhile.
const PACE: Duration = Duration::from_millis(50);

pub fn are_logged_once(stage: &Stage, server: &FakePostgres) -> Result<(), Failure> {
    const PATH: &str = "/readings/attic";
    // Before it can fail to answer, it has to be there.
    server.switch(State::Up);
    let give_up = Instant::now() + RECOVERY;
    while stage.ask("GET", PATH, &[], "")?.status == 503 && Instant::now() < give_up {
        thread::sleep(PACE);
    }
    let cause = random_word();
    server.switch(State::Failing(format!(
        "could not write block 0 of relation \"base/16384/16397\": 디스크에 남은 공간이 없습니다\nHINT:\tCheck free disk space, then start a vacuum: {cause}"
    )));
    let mut failed = Vec::new();
    for _ in 0..FAILURES {
        let answer = stage.ask("GET", PATH, &[], "")?;
        failed.push(answer.header(ids::HEADER).unwrap_or_default());
    }
    stage.all_events(&cause);
    let events = stage.events();
    for id in &failed {
        let told = |event: &&Event| event.text("request_id") == id && event.holds(&cause);
        let events: Vec<&Event> = events.iter().filter(told).collect();
        let (found, perhaps) = match events.as_slice() {
            [_] => continue,
            [] => (
                stage.instead_of(&cause),
                "the text is cut, or only its first line is kept",
            ),
            [first, second, ..] => (
                format!("{} events:\n{first}\n{second}", events.len()),
                "it is told twice: whoever counts failures counts each one twice",
            ),
        };
        return Err(Failure {
            how: format!(
                "cargo verify database failing\ncargo run -p {}, with the DATABASE_URL that the first command prints\n{}",
                stage.package(),
                curl("GET", PATH, "")
            ),
            ..stage.failure(
                "",
                format!("exactly one WARN or ERROR with request_id {id:?} that tells all of what the database said, up to {cause}"),
                found,
                perhaps,
            )
        });
    }
    Ok(())
}
