//! Each probe asks the database, over a connection that is open.

use std::{thread, time::Duration};

use super::PATH;
use crate::{
    check::Failure,
    harness::{
        fake_postgres::{FakePostgres, State},
        poll,
        text::varying,
        threads::joined,
    },
    steps::question::Question,
};

/// The number of probes that must each send a query to the database.
const WATCHED: usize = 3;

/// The number of probes that may open [`NEW_CONNECTIONS`] in total: the pool may still be filling up.
const PROBES: usize = 20;
const NEW_CONNECTIONS: usize = 10;

/// Waits until no question arrives that belongs to an earlier probe.
fn quiet(server: &FakePostgres) {
    const LIMIT: Duration = Duration::from_secs(2);
    const QUIET: Duration = Duration::from_millis(150);
    poll::is_done(LIMIT, Duration::ZERO, || {
        let before = server.questions();
        thread::sleep(QUIET);
        server.questions() == before
    });
}

pub fn asks(question: &Question, server: &FakePostgres) -> Result<(), Failure> {
    for count in 1..=WATCHED {
        quiet(server);
        let before = server.questions();
        let answer = question.status(200, question.program.get(PATH))?;
        if server.questions() == before {
            let perhaps = match before {
                0 => {
                    "a connection from the pool was open a moment ago: only a question tells whether it still is"
                }
                _ => "an earlier answer is repeated: the database may have gone since then",
            };
            let found = format!("probe {count} was answered, and no SELECT 1 arrived\n{answer}");
            return Err(question
                .failure(
                    "a SELECT 1 arrives at the database before each answer",
                    found,
                )
                .perhaps(perhaps));
        }
    }
    Ok(())
}

/// A probe that comes while another one waits for its answer sends a question of its own: the other's was sent before.
pub fn asks_beside_another(question: &Question, server: &FakePostgres) -> Result<(), Failure> {
    const PAUSE: Duration = Duration::from_millis(300);
    const LIMIT: Duration = Duration::from_secs(2);
    const PACE: Duration = Duration::from_millis(5);
    quiet(server);
    let before = server.questions();
    server.switch(State::Slow(PAUSE));
    let answers = thread::scope(|scope| {
        let first = scope.spawn(|| question.program.get(PATH));
        poll::is_done(LIMIT, PACE, || server.questions() > before);
        let second = question.program.get(PATH);
        [joined(first), second]
    });
    server.switch(State::Up);
    let asked = server.questions() - before;
    // Whether both are answered, by a database that takes its time, is another check's matter.
    let [Ok(_), Ok(answer)] = answers.map(|answer| question.status(200, answer)) else {
        return Ok(());
    };
    if asked >= 2 {
        return Ok(());
    }
    let failure = question.failure(
        "a SELECT 1 of its own for each of two probes, the second while the first one waits for its answer",
        format!("two probes were answered, and one SELECT 1 arrived\n{answer}"),
    );
    let how = failure
        .how
        .replace("curl -i", "seq 200 | xargs -P 50 -I{} curl -is");
    let how = format!("{how}\n(the first terminal should count 200 times SELECT 1)");
    Err(Failure { how, ..failure }
        .perhaps("probes share one answer: its question was sent before the second probe came"))
}

pub fn reuses(question: &Question, server: &FakePostgres) -> Result<(), Failure> {
    let before = server.connections();
    for _ in 0..PROBES {
        question.status(200, question.program.get(PATH))?;
    }
    let opened = server.connections() - before;
    if opened > NEW_CONNECTIONS {
        let failure = question
            .failure(
                format!("{PROBES} probes over connections that the pool holds open"),
                format!(
                    "{PROBES} probes opened {} new connections",
                    varying("some", opened)
                ),
            )
            .perhaps(
                "each probe opens a connection of its own: the pool in `web::Data` holds open ones",
            );
        return Err(question.repeated(PROBES, failure));
    }
    Ok(())
}
