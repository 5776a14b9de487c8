//! Whether a scrape waits for the database.

use std::{io, thread, time::Duration};

use super::{MetricsProbe, PATH, row};
use crate::{
    check::Failure,
    harness::{
        fake_postgres::{FakePostgres, State},
        http, poll,
        program::Program,
        random::random_word,
    },
};

/// More than an answer takes that does not wait for the database, less than any database timeout.
const SWIFT: Duration = Duration::from_millis(500);
const TRIES: usize = 3;

/// How a learner leaves a connection open on which nothing is answered, and what waits for it.
const LEAVE_ONE_IDLE: &str =
    "(before you ask: Enter, curl http://127.0.0.1:8000/health/db, and Enter again)";
const TESTS_ONE: &str = "the scrape borrows a connection: before the pool lends one, it asks the database whether it is in order";

/// How many readings wait for a locked database, the time limit for the first of them to arrive there, and the polling interval.
const CROWD: usize = 100;
const ARRIVAL: Duration = Duration::from_secs(2);
const PACE: Duration = Duration::from_millis(20);

/// Whether `/metrics` answers whatever the database does.
pub fn is_not_needed(before: &MetricsProbe) -> io::Result<()> {
    let database = FakePostgres::start(State::Refusing)?;
    let silent = FakePostgres::start(State::Up)?;
    before.results.check(row::NEEDS_NO_DATABASE, || {
        let refusing = before
            .launch
            .clone()
            .database(database.random_url(), State::Refusing);
        let program = Program::start(&refusing)?;
        let probe = MetricsProbe {
            program: &program,
            launch: &refusing,
            ..*before
        };
        answers_swiftly(&probe, "is down", || {})?;
        database.switch(State::Hanging);
        let hanging = &refusing.while_database_is(State::Hanging);
        answers_swiftly(
            &MetricsProbe {
                launch: hanging,
                ..probe
            },
            "hangs",
            || {},
        )?;
        needs_no_connection(before, &silent)
    });
    Ok(())
}

/// The same while a connection is open on which nothing is answered any more.
fn needs_no_connection(before: &MetricsProbe, database: &FakePostgres) -> Result<(), Failure> {
    let launch = before
        .launch
        .clone()
        .database(database.random_url(), State::Silent);
    let program = Program::start(&launch)?;
    let probe = MetricsProbe {
        program: &program,
        launch: &launch,
        ..*before
    };
    // The first scrape that borrows the idle connection hangs on it, and the next one finds none and is swift: each try leaves one.
    let leave_one_idle = || {
        database.switch(State::Up);
        // What it answers has checks of its own.
        let _ = probe.program.get("/health/db");
        database.switch(State::Silent);
    };
    answers_swiftly(&probe, "says nothing on open connections", leave_one_idle).map_err(
        |failure| Failure {
            how: format!("{}\n{LEAVE_ONE_IDLE}", failure.how),
            ..failure.perhaps(TESTS_ONE)
        },
    )?;
    database.switch(State::Locked);
    let locked = &launch.while_database_is(State::Locked);
    answers_in_a_crowd(
        &MetricsProbe {
            launch: locked,
            ..probe
        },
        database,
    )
}

/// The same while many callers wait for the database.
fn answers_in_a_crowd(probe: &MetricsProbe, database: &FakePostgres) -> Result<(), Failure> {
    let url = &probe.program.url(&format!("/readings/{}", random_word()));
    thread::scope(|scope| {
        for _ in 0..CROWD {
            scope.spawn(move || http::ask("GET", url, ARRIVAL));
        }
        poll::is_done(ARRIVAL, PACE, || database.unanswered() > 0);
        // The others have begun by then.
        thread::sleep(PACE * 5);
        let answers = answers_swiftly(probe, &format!("lets {CROWD} readings wait"), || {});
        database.switch(State::Up);
        answers
    })
    .map_err(|failure| {
        let readings =
            format!("for i in $(seq {CROWD}); do curl -s http://127.0.0.1:8000/readings/a & done");
        Failure {
            how: failure
                .how
                .replace("curl -i", &format!("{readings}; sleep 0.5; curl -i")),
            // What the readings log in the meantime is beside the point.
            found: failure.found.split("\nits last").next().unwrap_or_default().to_owned(),
            ..failure.perhaps("the numbers are needed most while many wait: a scrape waits for none of them, and is not refused")
        }
    })
}

/// A scrape that waits for the database is slow each time; a busy machine is not. `prepare` is called before each try.
fn answers_swiftly(probe: &MetricsProbe, state: &str, prepare: impl Fn()) -> Result<(), Failure> {
    let question = probe.question(PATH);
    let mut slow = Duration::ZERO;
    for _ in 0..TRIES {
        prepare();
        let answer = question
            .status(200, probe.program.get(PATH))
            .map_err(|failure| Failure {
                expected: format!("{}, while the database {state}", failure.expected),
                ..failure
            });
        let answer = answer.map_err(|failure| {
            failure.or_perhaps("this handler asks the database, which /health/db does already")
        })?;
        if answer.took <= SWIFT {
            return Ok(());
        }
        slow = answer.took;
    }
    Err(question
        .failure(
            format!("{PATH} is answered at once, while the database {state}"),
            format!("{} ms for the answer", slow.as_millis()),
        )
        .perhaps("a scrape waits for the database: the numbers are needed most while it is down"))
}
