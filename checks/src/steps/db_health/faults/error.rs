//! The database answers each statement with an error.

mod no_login;

use std::time::Duration;

use super::super::{Context, PATH, evidence::Setup, recovers, row};
use crate::{
    check::{Failure, Stop},
    harness::{
        fake_postgres::{FakePostgres, State},
        http::{ANSWER_LIMIT, Answer, NoAnswer},
        poll,
        program::Program,
        random::random_word,
    },
    steps::question::Question,
};

/// The time limit for a line of the log to arrive.
const ARRIVAL: Duration = Duration::from_secs(1);

/// Polling interval.
const PACE: Duration = Duration::from_millis(10);

/// With what the database is asked about in further outages, with a 200 before each: what was logged in one may be suppressed in the
/// next, or what HEAD is told.
const FURTHER: [&str; 2] = ["GET", "HEAD"];

/// With a log of nothing below WARN, where the cause belongs.
pub fn check_all(context: &Context) -> Result<(), Stop> {
    let server = FakePostgres::start(State::Up)?;
    let launch = &context.launch_logging(&server, "warn");
    let cause = random_word();
    let failing = State::Failing(format!("could not read block 0: {cause}"));
    let asked = context.results.check(row::ANSWERS_503_ON_ERROR, || {
        let program = Program::start(launch)?;
        let setup = Setup {
            program: &program,
            launch,
            server: &server,
        };
        let question = setup.question(&failing);
        recovers(&question)?;
        server.switch(failing.clone());
        // HEAD first: it must not depend on what GET was told before.
        let head = program.head(PATH);
        let get = question.status(503, program.get(PATH))?;
        asks_again(&question, &server)?;
        Ok((program, get, head))
    });
    let Some((program, get, head)) = asked else {
        return Ok(());
    };
    let setup = Setup {
        program: &program,
        launch,
        server: &server,
    };
    let question = setup.question(&failing);
    context.results.check(row::ANSWERS_HEAD_WHEN_DOWN, || {
        head_matches(&question, &get, head)
    });
    context.results.check(row::LOGS_THE_CAUSE, || {
        logs(&question, &get, &cause)?;
        FURTHER.into_iter().try_for_each(|method| {
            server.switch(State::Up);
            recovers(&question)?;
            server.switch(failing.clone());
            let said = count(&program, &cause);
            match program.ask(method, PATH, ANSWER_LIMIT) {
                // What HEAD is told has a check of its own.
                Ok(answer) if answer.status != 503 && method == "HEAD" => Ok(()),
                answer if method == "HEAD" => {
                    let head = question.with_head();
                    logs_anew(&head, &head.status(503, answer)?, &cause, said)
                }
                answer => logs_anew(&question, &question.status(503, answer)?, &cause, said),
            }
        })?;
        context.collect(setup, &failing, &cause);
        poll::retried(|| no_login::is_explained(context, setup))
    });
    context.collect(setup, &failing, &cause);
    Ok(())
}

/// Every client is told 503, and every time the database is asked.
fn asks_again(question: &Question, server: &FakePostgres) -> Result<(), Failure> {
    question.expect_by_each_client(|question, answer| question.status(503, answer).map(drop))?;
    let before = server.statements();
    let answer = question.status(503, question.program.get(PATH))?;
    if server.statements() > before {
        return Ok(());
    }
    Err(question
        .repeated(
            5,
            question.failure(
                "a SELECT 1 arrives at the database before each answer, also while it fails",
                format!("the database was not asked any more, and the answer was\n{answer}"),
            ),
        )
        .perhaps("a failure is remembered: the database may be back already"))
}

fn head_matches(
    question: &Question,
    get: &Answer,
    head: Result<Answer, NoAnswer>,
) -> Result<(), Failure> {
    question.with_head().expect_head_matches(get, head)?;
    question.expect_head_matches_by_each_client()
}

fn logs(question: &Question, answer: &Answer, cause: &str) -> Result<(), Failure> {
    let log = &question.program.log;
    let expected = format!(
        "a line of the log at WARN or ERROR with what the database said: could not read block 0: {cause}"
    );
    let logged = poll::is_done(ARRIVAL, PACE, || log.warnings(0, cause) > 0);
    let panicked = log.find("panicked at").is_some();
    let perhaps = match logged {
        _ if panicked => {
            "an unwrap panics in the closure: its message names the cause, but no event of the log does"
        }
        true => return Ok(()),
        false if log.warnings(0, "") > 0 => {
            "the event does not contain the error that was returned"
        }
        false if log.find(cause).is_some() => "the cause is printed, and not logged with a level",
        false => "the error is dropped, or logged below the level WARN",
    };
    let found = format!("{answer}{}", log.tail());
    Err(question.failure(expected, found).perhaps(perhaps))
}

/// As [`logs`], in another outage: the cause was named `said` times before.
fn logs_anew(
    question: &Question,
    answer: &Answer,
    cause: &str,
    said: usize,
) -> Result<(), Failure> {
    let arrived = || count(question.program, cause) > said;
    if poll::is_done(ARRIVAL, PACE, arrived) {
        return Ok(());
    }
    let expected = "the cause is logged in every outage: when the database has been back, and fails again, once more";
    let found = format!("{answer}\nand not one more line with the cause");
    let perhaps = if question.method == "HEAD" {
        "what HEAD is told is not logged: a load balancer may be the only one who asks"
    } else {
        "what was logged once is remembered for as long as the process lives"
    };
    Err(question.failure(expected, found).perhaps(perhaps))
}

fn count(program: &Program, cause: &str) -> usize {
    program.log.warnings(0, cause)
}
