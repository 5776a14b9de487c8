//! The database is up, goes down, comes back.

mod asking;

use std::time::Duration;

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
use asking::{asks, asks_beside_another, reuses};

/// The number of probes that must be answered at first: one after the other, then concurrently.
const FIRST: usize = 5;
const AT_ONCE: usize = 8;

/// The number of probes that are looked at when the database has come back, and what a learner does to see the same.
const AFTERWARDS: usize = 3;
pub const ASK_BEFORE: &str = "(ask once before Enter, and again right after it)";

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
    results.check(row::ASKS_THE_DATABASE, || {
        asks(&watched, &server)?;
        poll::retried(|| asks_beside_another(&watched, &server))
    });
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
        let believed = believes(&question, &server);
        let recovered = recovers(&question).map_err(|failure| {
            failure.perhaps("it remembers that the database was down instead of asking again")
        });
        recovered.and_then(|answer| believed.map(|()| answer))
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

/// As soon as the database has answered the question of a probe, its answer is 200, and not only after some good ones.
fn believes(question: &Question, server: &FakePostgres) -> Result<(), Failure> {
    /// More than it takes when nothing is waited for, less than any time limit.
    const SWIFT: Duration = Duration::from_millis(500);
    for _ in 0..AFTERWARDS {
        let before = server.questions();
        let Ok(answer) = question.program.get(PATH) else {
            continue;
        };
        let was_asked = server.questions() > before && answer.took < SWIFT;
        if was_asked && answer.status == 503 {
            let found = format!("the database answered the SELECT 1 of this probe\n{answer}");
            let failure = question.failure("200 OK as soon as a SELECT 1 is answered", found);
            let failure = question.repeated(AFTERWARDS, failure);
            return Err(Failure {
                how: format!("{}\n{ASK_BEFORE}", failure.how),
                ..failure.perhaps(
                    "several good answers in a row are waited for, or an earlier result is told",
                )
            });
        }
    }
    Ok(())
}
