//! The faults that are harder to see than a closed port, concurrently, each with its own program and database.

mod error;

use std::thread;

use super::{
    Context, PATH, evidence::Setup, hang, pool, question, question_after, recovers, row, slow,
    sqlite,
};
use crate::{
    check::{Failure, Stop},
    harness::{
        fake_postgres::{FakePostgres, State},
        poll,
        program::Program,
        threads::joined,
    },
    steps::question::Question,
};

/// All that the service itself logs; its libraries say much that no learner has written.
const ALL: &str = "trace,actix_http=info,actix_server=info,mio=info";

pub fn check_all(context: &Context) -> Result<(), Stop> {
    let scenarios = [
        silent,
        hang::check_all,
        full,
        error::check_all,
        starts_without,
        pool::check_all,
        sqlite::check_all,
    ];
    let (slow, others) = thread::scope(|scope| {
        let slow = scope.spawn(|| slow::observe(context));
        let running: Vec<_> = scenarios
            .map(|scenario| scope.spawn(move || scenario(context)))
            .into();
        let others = running.into_iter().try_for_each(joined);
        let slow = joined(slow);
        (slow, others)
    });
    others?;
    // This check needs what another scenario has shown.
    context
        .results
        .try_check(row::BEARS_A_SLOW_DATABASE, || slow)
        .map(drop)
}

fn silent(context: &Context) -> Result<(), Stop> {
    let server = FakePostgres::start(State::Silent)?;
    let launch = &context.launch(&server);
    context.results.check(row::ANSWERS_503_WHEN_SILENT, || {
        poll::retried(|| {
            let program = Program::start(launch)?;
            let answer = question(&program, launch, &State::Silent)
                .status(503, program.get(PATH))
                .map_err(|failure| Failure {
                    expected: format!("{}, within 2 s", failure.expected),
                    ..failure
                });
            let setup = Setup {
                program: &program,
                launch,
                server: &server,
            };
            context.collect(setup, &State::Silent, "");
            answer
        })
    });
    Ok(())
}

/// With the login in the query of the URL: what is no secret in most URLs is one there.
fn full(context: &Context) -> Result<(), Stop> {
    let server = FakePostgres::start(State::Full)?;
    let url = context.login.url_with_query(&server);
    let launch = &context.launch(&server).database(url, State::Full);
    context.results.check(row::ANSWERS_503_WHEN_FULL, || {
        poll::retried(|| {
            let program = Program::start(launch)?;
            let question = question(&program, launch, &State::Full);
            let answer = question.status(503, program.get(PATH))?;
            let _ = program.head(PATH);
            let setup = Setup {
                program: &program,
                launch,
                server: &server,
            };
            context.collect(setup, &State::Full, "");
            Ok(answer)
        })
    });
    Ok(())
}

/// At the level at which most is logged.
fn starts_without(context: &Context) -> Result<(), Stop> {
    let server = FakePostgres::start(State::Refusing)?;
    let launch = &context.launch_logging(&server, ALL);
    context.results.check(row::STARTS_WITHOUT_DATABASE, || {
        poll::retried(|| {
            server.switch(State::Refusing);
            let program = Program::start(launch)?;
            let setup = Setup {
                program: &program,
                launch,
                server: &server,
            };
            let question = setup.question(&State::Refusing);
            let liveness = Question {
                program: &program,
                method: "GET",
                path: "/health",
                how: question.how.replace(PATH, "/health"),
            };
            liveness.status(200, program.get("/health"))?;
            question.status(503, program.get(PATH))?;
            context.collect(setup, &State::Refusing, "");
            server.switch(State::Up);
            let answer = recovers(&question_after(&program, launch, &State::Refusing));
            context.collect(setup, &State::Up, "");
            answer.map_err(|failure| {
                failure
                    .or_perhaps("what was found at the start is remembered, and nothing asks again")
            })
        })
    });
    Ok(())
}
