//! The faults that are harder to see than a closed port, side by side, each with a program and a database of its own.

use std::{io, panic::resume_unwind, thread, time::Duration};

use super::{PATH, Scene, frozen, recovers};
use crate::{
    check::Failure,
    expect::Question,
    fake_postgres::{FakePostgres, State},
    steps::random_word,
};

/// How long a line of log may be under way.
const ARRIVAL: Duration = Duration::from_secs(1);

pub fn verify(scene: &Scene) -> io::Result<()> {
    let scenarios = [silent, frozen::verify, full, error, starts_without];
    thread::scope(|scope| {
        let running: Vec<_> = scenarios
            .map(|scenario| scope.spawn(move || scenario(scene)))
            .into();
        running
            .into_iter()
            .try_for_each(|scenario| scenario.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
}

fn silent(scene: &Scene) -> io::Result<()> {
    let server = FakePostgres::start(State::Silent)?;
    scene
        .results
        .check("db-health.answers-503-when-silent", || {
            let program = scene.start(&server)?;
            let question = scene.question(&program, "silent");
            let answer = question
                .status(503, program.get(PATH))
                .map_err(|failure| Failure {
                    expected: format!("{}, within 2 s", failure.expected),
                    ..failure
                });
            scene.search(&program);
            scene.keep(&answer?, &question, &server, "");
            Ok(())
        });
    Ok(())
}

fn full(scene: &Scene) -> io::Result<()> {
    let server = FakePostgres::start(State::Full)?;
    let asked = scene.results.check("db-health.answers-503-when-full", || {
        let program = scene.start(&server)?;
        let answer = scene
            .question(&program, "full")
            .status(503, program.get(PATH))?;
        Ok((program, answer))
    });
    let Some((program, answer)) = asked else {
        return Ok(());
    };
    let question = scene.question(&program, "full");
    scene.results.check("db-health.answers-head-when-down", || {
        question
            .with_head()
            .same_to_head(&answer, program.head(PATH))
    });
    scene.search(&program);
    scene.keep(&answer, &question, &server, "");
    Ok(())
}

fn error(scene: &Scene) -> io::Result<()> {
    let server = FakePostgres::start(State::Up)?;
    let cause = random_word();
    let asked = scene.results.check("db-health.answers-503-on-error", || {
        let program = scene.start(&server)?;
        let question = scene.question(&program, "failing");
        recovers(&question)?;
        server.switch(State::Failing(format!("could not read block 0: {cause}")));
        let answer = question.status(503, program.get(PATH))?;
        Ok((program, answer))
    });
    let Some((program, answer)) = asked else {
        return Ok(());
    };
    scene.results.check("db-health.logs-the-cause", || {
        match program.log.wait_for(&cause, ARRIVAL) {
            Some(_) => Ok(()),
            None => Err(Failure {
                perhaps: Some("the error is dropped, or logged below the level info".to_owned()),
                ..scene.question(&program, "failing").failure(
                    format!(
                        "a line of log with what the database said: could not read block 0: {cause}"
                    ),
                    format!("{answer}{}", program.log.tail()),
                )
            }),
        }
    });
    scene.keep(
        &answer,
        &scene.question(&program, "failing"),
        &server,
        &cause,
    );
    scene.search(&program);
    Ok(())
}

fn starts_without(scene: &Scene) -> io::Result<()> {
    let server = FakePostgres::start(State::Refusing)?;
    scene
        .results
        .check("db-health.starts-without-database", || {
            let program = scene.start(&server)?;
            let question = scene.question(&program, "refusing");
            let liveness = Question {
                program: &program,
                method: "GET",
                path: "/health",
                how: question.how.replace(PATH, "/health"),
            };
            liveness.status(200, program.get("/health"))?;
            question.status(503, program.get(PATH))?;
            server.switch(State::Up);
            let answer = recovers(&question);
            scene.search(&program);
            answer
        });
    Ok(())
}
