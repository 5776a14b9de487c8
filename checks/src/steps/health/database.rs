//! `/health` does not use the database, and works without one.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use super::{ASK, PATH};
use crate::{
    check::Failure,
    harness::{
        fake_postgres::FakePostgres,
        http::{Answer, NoAnswer},
        launch::{Launch, UNSET},
        program::Program,
        text::varying,
    },
    steps::question::Question,
};

/// The number of requests while the database is watched, and of connections allowed meanwhile: a pool may keep trying in the
/// background.
const WATCHED: usize = 20;
const MAY_CONNECT: usize = 5;

/// More than an answer takes that does not wait for the database, less than any database timeout.
const SWIFT: Duration = Duration::from_millis(500);

/// How many of the watched may take longer than that: a machine that is busy with other things halts everybody now and then.
const MAY_BE_SLOW: usize = 1;

/// How long both programs are asked: a background task that watches the database has then run twice.
const AWHILE: Duration = Duration::from_millis(2_200);
const PACE: Duration = Duration::from_millis(100);

const ASKS: &str = "the handler asks the database: that is what /health/db is for";

/// A database whose host has a name that nobody knows: no name ends with .invalid, see RFC 2606.
const UNKNOWN_HOST: &str = "postgres://me:secret@database.invalid/db";

/// A database in a file that is not there.
const NO_FILE: &str = "not-there.sqlite3";

/// Without any address of a database in the environment, and with one that leads nowhere, the answers are the same.
pub fn needs_no_address(question: &Question, executable: &Path) -> Result<(), Failure> {
    let addresses = [
        (UNSET, "without a DATABASE_URL as well"),
        (UNKNOWN_HOST, "whatever DATABASE_URL says"),
        (NO_FILE, "with a DATABASE_URL that names a file as well"),
    ];
    let launches = addresses
        .map(|(address, _)| Launch::new(executable).settings(&[("DATABASE_URL", address)]));
    let programs = Program::start_each(&launches);
    for ((program, launch), (_, words)) in programs.into_iter().zip(&launches).zip(addresses) {
        needs_none_like(question, &program?, launch, words)?;
    }
    Ok(())
}

fn needs_none_like(
    question: &Question,
    program: &Program,
    launch: &Launch,
    words: &str,
) -> Result<(), Failure> {
    let without = Question {
        program,
        how: launch.then(ASK),
        ..*question
    };
    without
        .status(200, program.get(PATH))
        .map(drop)
        .map_err(|failure| Failure {
            expected: format!("{}, {words}", failure.expected),
            ..failure
                .perhaps("the answer depends on a setting: whether this process is alive does not")
        })
}

/// Both with a silent database and with none at all from the start: there, what it said `at_first`, before anything that runs in the
/// background can have changed its mind.
pub fn is_left_alone(
    question: &Question,
    (database, silent): (&FakePostgres, &Launch),
    (without, refusing): (&Program, &Launch),
    at_first: Result<Answer, NoAnswer>,
) -> Result<(), Failure> {
    let before = database.connections();
    let watched = Watched { question, silent };
    question
        .status(200, at_first)
        .map_err(|failed| watched.failure(refusing, failed.found, ASKS))?;
    let mut slow = 0;
    for _ in 0..WATCHED {
        let answer = question
            .status(200, question.program.get(PATH))
            .map_err(|failed| watched.later(silent, &failed))?;
        slow += usize::from(answer.took > SWIFT);
        if slow > MAY_BE_SLOW {
            return Err(watched.slow(&answer, connections(database)));
        }
    }
    let began = Instant::now();
    loop {
        question
            .status(200, without.get(PATH))
            .map_err(|failed| watched.later(refusing, &failed))?;
        question
            .status(200, question.program.get(PATH))
            .map_err(|failed| watched.later(silent, &failed))?;
        if began.elapsed() > AWHILE {
            break;
        }
        thread::sleep(PACE);
    }

    let touched = connections(database) - before;
    if touched > MAY_CONNECT {
        let found =
            format!("{WATCHED} questions to {PATH} made {touched} connections to the database");
        return Err(watched.failure(silent, found, ASKS));
    }
    Ok(())
}

/// The request that is repeated, and how its program was started.
struct Watched<'a> {
    question: &'a Question<'a>,
    silent: &'a Launch,
}

impl Watched<'_> {
    fn failure(&self, launch: &Launch, found: String, cause: &str) -> Failure {
        let expected = format!("{PATH} says 200 at once and asks no database");
        Failure {
            how: launch.then(ASK),
            ..self.question.failure(expected, found).perhaps(cause)
        }
    }

    fn later(&self, launch: &Launch, failed: &Failure) -> Failure {
        let failure = self.failure(
            launch,
            failed.found.clone(),
            "something looks at the database in the background, and the answer depends on it",
        );
        Failure {
            expected: format!("{}, also after some seconds", failure.expected),
            how: failure.how.replace("curl", "sleep 4; curl"),
            ..failure
        }
    }

    /// The answer took long: because of the database, if anything has ever connected to it.
    fn slow(&self, answer: &Answer, connections: usize) -> Failure {
        let took = varying("some", answer.took.as_millis());
        if connections > 0 {
            let found =
                format!("{took} ms for the answer, while the database was silent\n{answer}");
            return self.failure(self.silent, found, ASKS);
        }
        let failure = self
            .question
            .failure(
                format!("{PATH} says 200 at once, and waits for nothing"),
                format!("{took} ms for the answer\n{answer}"),
            )
            .perhaps("the database was not asked: the handler itself waits or takes a pause");
        self.question.timed(5, failure)
    }
}

/// Connections that have not been accepted yet would not be counted; the last one is our own.
fn connections(database: &FakePostgres) -> usize {
    database
        .settle()
        .expect("the fake database answers when it is up");
    database.connections() - 1
}
