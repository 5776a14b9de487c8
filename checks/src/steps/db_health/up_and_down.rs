//! The database is up, goes down, comes back.

use std::{thread, time::Duration};

use super::{Context, PATH, evidence::Setup, question, question_after, recovers, row};
use crate::{
    check::{Failure, Stop},
    harness::{
        fake_postgres::{FakePostgres, State},
        http::Answer,
        poll,
        program::Program,
        text::varying,
    },
    steps::question::Question,
};

/// The number of probes that must be answered at first: one after the other, then concurrently.
const FIRST: usize = 5;
const AT_ONCE: usize = 8;

/// The number of probes that must each send a query to the database.
const WATCHED: usize = 3;

/// The number of probes that may open [`NEW_CONNECTIONS`] in total: the pool may still be filling up.
const PROBES: usize = 20;
const NEW_CONNECTIONS: usize = 10;

pub fn check_all(context: &Context) -> Result<(), Stop> {
    let results = context.results;
    let server = FakePostgres::start(State::Up)?;
    let launch = &context.launch(&server);
    let first = results.check(row::ANSWERS_200, || {
        let program = Program::start(launch)?;
        let up = answers(&question(&program, launch, &State::Up))?;
        Ok((program, up))
    });
    let Some((program, up)) = first else {
        return Ok(());
    };
    let setup = Setup {
        program: &program,
        launch,
        server: &server,
    };
    let question = setup.question(&State::Up);

    // A locked database answers probes, and its terminal shows what arrives.
    let watched = setup.question(&State::Locked);
    results.check(row::ASKS_THE_DATABASE, || asks(&watched, &server));
    results.check(row::REUSES_CONNECTIONS, || reuses(&watched, &server));
    results.check(row::ANSWERS_HEAD, || {
        let head = question.with_head();
        head.expect_head_matches(&up, program.head(PATH))?;
        if results.passed(row::REUSES_CONNECTIONS) {
            question.expect_head_matches_by_each_client()
        } else {
            // So many connections would take their time.
            Ok(())
        }
    });
    context.collect(setup, &State::Up, "");

    server.switch(State::Refusing);
    results.check(row::ANSWERS_503_WHEN_DOWN, || {
        let question = setup.question(&State::Refusing);
        question.status(503, program.get(PATH))
    });
    context.collect(setup, &State::Refusing, "");
    server.switch(State::Up);
    results.check(row::RECOVERS, || {
        let question = question_after(&program, launch, &State::Refusing);
        recovers(&question).map_err(|failure| {
            failure.perhaps("it remembers that the database was down instead of asking again")
        })
    });
    context.collect(setup, &State::Up, "");
    Ok(())
}

fn answers(question: &Question) -> Result<Answer, Failure> {
    let mut last = None;
    for place in 1..=FIRST {
        let answer = question.status(200, question.program.get(PATH));
        let answer = answer.map_err(|failure| match place {
            1 => failure,
            _ => question.repeated(
                2 * FIRST,
                Failure {
                    expected: format!("{}, every time", failure.expected),
                    found: format!("answer {}: {}", varying("number", place), failure.found),
                    ..failure
                }
                .or_perhaps(
                    "what an earlier probe has taken is not given back: a turn, a connection",
                ),
            ),
        })?;
        last = Some(answer);
    }
    poll::retried(|| answers_at_once(question))?;
    question.expect_by_each_client(|question, answer| question.status(200, answer).map(drop))?;
    Ok(last.expect("there is at least one probe"))
}

fn answers_at_once(question: &Question) -> Result<(), Failure> {
    let answers = question.program.get_at_once(PATH, AT_ONCE);
    answers.into_iter().try_for_each(|answer| {
        let answer = question.status(200, answer);
        answer.map(drop).map_err(|failure| Failure {
            expected: format!("{}, to all of {AT_ONCE} probes at once", failure.expected),
            found: format!("one of them got: {}", failure.found),
            how: failure
                .how
                .replace("curl -i", "seq 200 | xargs -P 50 -I{} curl -is"),
            ..failure
                .or_perhaps("while one probe asks, the others are turned away instead of waiting")
        })
    })
}

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

fn asks(question: &Question, server: &FakePostgres) -> Result<(), Failure> {
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

fn reuses(question: &Question, server: &FakePostgres) -> Result<(), Failure> {
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
