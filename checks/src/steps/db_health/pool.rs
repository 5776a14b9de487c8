//! Probes and readings use the same eight connections.

mod embedded;

use std::{thread, time::Duration};

use super::{Context, PATH, evidence::Setup, recovers, row};
use crate::{
    check::{Failure, Stop},
    harness::{
        fake_postgres::{FakePostgres, State},
        poll,
        program::Program,
        random::random_word,
        text::varying,
    },
    steps::question::Question,
};

/// The most connections of the pool, and more readings than it can serve at once.
const CONNECTIONS: usize = 8;
const READINGS: usize = 12;

/// The number of probes at first, and their number at once.
const PROBES: usize = 10;
const AT_ONCE: usize = 8;

/// The time limit for the readings to use up the pool; how long it then stays used up, less than any pool waits.
const ARRIVAL: Duration = Duration::from_secs(2);
const FOR_A_MOMENT: Duration = Duration::from_millis(250);
const PACE: Duration = Duration::from_millis(10);

pub fn check_all(context: &Context) -> Result<(), Stop> {
    let server = FakePostgres::start(State::Up)?;
    let launch = &context.launch(&server);
    context.results.check(row::SHARES_THE_POOL, || {
        poll::retried(|| {
            server.switch(State::Up);
            let program = Program::start(launch)?;
            let setup = Setup {
                program: &program,
                launch,
                server: &server,
            };
            let shares = shares(setup);
            context.collect(setup, &State::Locked, "");
            shares.and_then(|()| embedded::is_written_to(context.executable))
        })
    });
    Ok(())
}

fn shares(setup: Setup) -> Result<(), Failure> {
    let locked = busy(&setup.question(&State::Locked));
    let question = setup.question(&State::Up);
    recovers(&question)?;
    for answer in setup.program.get_at_once(PATH, AT_ONCE) {
        question.status(200, answer)?;
    }
    for _ in 0..PROBES {
        question.status(200, setup.program.get(PATH))?;
    }
    reads(setup)?;
    ends_what_it_began(&question, setup.server)?;
    used_up_for_a_moment(&locked, setup.server)?;
    used_up(&locked, setup.server)
}

/// The same question, after readings have been asked for that wait in the database.
fn busy<'a>(question: &Question<'a>) -> Question<'a> {
    let readings =
        format!("for i in $(seq {READINGS}); do curl -s http://127.0.0.1:8000/readings/a & done");
    Question {
        how: question
            .how
            .replace("curl -i", &format!("{readings}; sleep 0.5; curl -i")),
        ..*question
    }
}

/// Readings find a connection after probes.
fn reads(setup: Setup) -> Result<(), Failure> {
    let path = &format!("/readings/{}", random_word());
    let asked = setup.question(&State::Up);
    let reading = Question {
        path,
        how: asked.repeated_before(PATH, PROBES, path),
        ..asked
    };
    // There are none yet.
    reading
        .status(404, setup.program.get(path))
        .map(drop)
        .map_err(|failure| Failure {
            expected: format!("{}, after {PROBES} probes", failure.expected),
            ..failure.perhaps("the probes keep connections of the pool for themselves")
        })
}

fn ends_what_it_began(question: &Question, server: &FakePostgres) -> Result<(), Failure> {
    if server.left_open() == 0 {
        return Ok(());
    }
    let expected = "a connection goes back to the pool as it came: with no transaction open";
    let found =
        "a connection came back inside a transaction, and the next reading would be part of it";
    Err(question
        .failure(expected, found)
        .perhaps("a BEGIN without a COMMIT or ROLLBACK on every way out"))
}

/// While readings have all connections for a moment, a probe waits for one.
fn used_up_for_a_moment(question: &Question, server: &FakePostgres) -> Result<(), Failure> {
    while_readings_wait(question, server, || {
        let program = question.program;
        let answer = thread::scope(|scope| {
            let probe = scope.spawn(|| program.get(PATH));
            thread::sleep(FOR_A_MOMENT);
            server.switch(State::Up);
            probe.join().expect("asking does not panic")
        });
        question
            .status(200, answer)
            .map(drop)
            .map_err(|failure| Failure {
                expected: format!(
                    "{}, when readings have every connection for {FOR_A_MOMENT:?}",
                    failure.expected
                ),
                ..failure
                    .perhaps("the probe does not wait until a connection is free: busy is not down")
            })
    })
}

/// While readings have all connections, no reading can be served: the probe says so.
fn used_up(question: &Question, server: &FakePostgres) -> Result<(), Failure> {
    while_readings_wait(question, server, || {
        let expected = |failure: Failure| Failure {
            expected: format!(
                "{}, while readings hold every connection of the pool",
                failure.expected
            ),
            ..failure
        };
        question
            .status(503, question.program.get(PATH))
            .map(drop)
            .map_err(|failure| {
                expected(failure).perhaps("the probe does not ask over the pool that the readings use, or answers without asking")
            })
    })
}

/// Lets more readings wait in the database than the pool has connections.
fn while_readings_wait(
    question: &Question,
    server: &FakePostgres,
    look: impl FnOnce() -> Result<(), Failure>,
) -> Result<(), Failure> {
    server.switch(State::Locked);
    let path = &format!("/readings/{}", random_word());
    let url = &question.program.url(path);
    thread::scope(|scope| {
        for _ in 0..READINGS {
            scope.spawn(move || crate::harness::http::ask("GET", url, ARRIVAL));
        }
        let all = poll::is_done(ARRIVAL, PACE, || server.unanswered() >= CONNECTIONS);
        // Were there more connections, more readings would wait in the database.
        thread::sleep(PACE * 5);
        let waiting = server.unanswered();
        let seen = if all && waiting == CONNECTIONS {
            look()
        } else {
            Err(question
                .failure(
                    format!(
                        "readings can use all {CONNECTIONS} connections of the pool, and no more"
                    ),
                    format!(
                        "{READINGS} readings at once used {} connections",
                        varying("some", waiting)
                    ),
                )
                .perhaps(if waiting > CONNECTIONS {
                    "there is more than one pool: `routes` runs once for each worker thread"
                } else {
                    "the probe keeps a connection for itself"
                }))
        };
        server.switch(State::Up);
        seen
    })
}
