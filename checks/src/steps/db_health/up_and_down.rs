//! The database is up, goes down, comes back.

use std::iter;

use super::{PATH, Scene, recovers};
use crate::{
    check::Failure,
    expect::Question,
    fake_postgres::{FakePostgres, State},
    http::Answer,
};

/// How many probes must be answered at first: one after the other, then several at once.
const FIRST: usize = 5;
const AT_ONCE: usize = 8;

/// How many probes must each make a question arrive.
const WATCHED: usize = 3;

/// How many probes may open [`NEW_CONNECTIONS`] among them: the pool may still be filling up.
const PROBES: usize = 20;
const NEW_CONNECTIONS: usize = 10;

pub fn verify(scene: &Scene) -> anyhow::Result<()> {
    let results = scene.results;
    let server = FakePostgres::start(State::Up)?;
    let first = results.check("db-health.answers-200", || {
        let program = scene.start(&server)?;
        let up = answers(&scene.question(&program, "up"))?;
        Ok((program, up))
    });
    let Some((program, up)) = first else {
        return Ok(());
    };
    let question = scene.question(&program, "up");

    scene.keep(&up, &question, &server, "");
    results.check("db-health.says-ok", || question.says(&up, "db", "ok"));
    results.check("db-health.answers-head", || {
        question.with_head().same_to_head(&up, program.head(PATH))
    });
    results.check("db-health.asks-the-database", || asks(&question, &server));
    results.check("db-health.reuses-connections", || {
        reuses(&question, &server)
    });

    server.switch(State::Refusing);
    let question = scene.question(&program, "refusing");
    let down = results.check("db-health.answers-503-when-down", || {
        question.status(503, program.get(PATH))
    });
    if let Some(down) = down {
        scene.keep(&down, &question, &server, "");
    }
    server.switch(State::Up);
    results.check("db-health.recovers", || {
        recovers(&scene.question(&program, "refusing")).map_err(|failure| Failure {
            perhaps: Some(
                "it remembers that the database was down instead of asking again".to_owned(),
            ),
            ..failure
        })
    });
    scene.search(&program);
    Ok(())
}

fn answers(question: &Question) -> Result<Answer, Failure> {
    let one_by_one = (0..FIRST).map(|_| question.program.get(PATH));
    let at_once = iter::once_with(|| question.program.get_at_once(PATH, AT_ONCE)).flatten();
    let mut last = None;
    for (place, answer) in one_by_one.chain(at_once).enumerate() {
        let answer = question
            .status(200, answer)
            .map_err(|failure| match place {
                0 => failure,
                1..FIRST => Failure {
                    expected: format!("{}, every time", failure.expected),
                    found: format!("answer {}: {}", place + 1, failure.found),
                    ..failure
                },
                _ => Failure {
                    expected: format!("{}, to all of {AT_ONCE} probes at once", failure.expected),
                    found: format!("one of them got: {}", failure.found),
                    ..failure
                },
            })?;
        last = Some(answer);
    }
    Ok(last.expect("there is at least one probe"))
}

fn asks(question: &Question, server: &FakePostgres) -> Result<(), Failure> {
    for count in 1..=WATCHED {
        let before = server.questions();
        let answer = question.status(200, question.program.get(PATH))?;
        if server.questions() == before {
            return Err(Failure {
                perhaps: Some("a connection from the pool was open a moment ago: only a question tells whether it still is".to_owned()),
                ..question.failure(
                    "a SELECT 1 arrives at the database before each answer".to_owned(),
                    format!("probe {count} was answered, and no SELECT 1 arrived\n{answer}"),
                )
            });
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
        return Err(Failure {
            perhaps: Some(
                "each probe connects anew: the pool in `web::Data` holds open connections"
                    .to_owned(),
            ),
            ..question.failure(
                format!("{PROBES} probes over connections that the pool holds open"),
                format!("{PROBES} probes opened {opened} new connections"),
            )
        });
    }
    Ok(())
}
