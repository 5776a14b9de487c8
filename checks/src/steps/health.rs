//! Step 1: `GET /health` says that the process can answer, whatever else is broken.

use std::time::Duration;

use crate::{
    check::{Check, Failure, Results},
    expect::Question,
    fake_postgres::{FakePostgres, State},
    http,
    program::{Program, package},
    steps::random_word,
    verify::{Blocked, Subject},
};

/// The checks that the others rest on.
const ANSWERS: Option<&str> = Some("health.answers-200");
const GOES_ON: Option<&str> = Some("health.keeps-answering");

#[rustfmt::skip] // a table
pub const CHECKS: &[Check] = &[
    Check::new("health.answers-200", "GET /health answers 200 OK", None, "Wire the route"),
    Check::new("health.keeps-answering", "and 40 more times, several at once", ANSWERS, "Wire the route"),
    Check::new("health.says-json", "the body is declared as JSON", ANSWERS, "Say it as JSON"),
    Check::new("health.says-ok", r#"the body is {"status":"ok"}"#, ANSWERS, "Say it as JSON"),
    Check::new("health.forbids-caching", "Cache-Control: no-store", ANSWERS, "Forbid keeping it"),
    Check::new("health.answers-head", "HEAD /health answers 200 OK", GOES_ON, "Answer HEAD too"),
    Check::new("health.leaves-the-database-alone", "asks no database, and needs none", GOES_ON, "Ask nobody else"),
    Check::new("health.leaves-other-paths-alone", "other paths are still 404 Not Found", GOES_ON, "Wire the route"),
];

const PATH: &str = "/health";

/// How many questions follow the first, and how many of them at a time.
const MORE: usize = 40;
const AT_A_TIME: usize = 4;

/// How many questions are asked while the database is watched, and how many connections may be made meanwhile: by a pool that
/// keeps trying in the background.
const WATCHED: usize = 20;
const MAY_CONNECT: usize = 5;

/// Longer than any answer takes that waits for nobody, shorter than any time limit of a database.
const SWIFT: Duration = Duration::from_millis(500);

/// Starts the program, with a database that accepts connections and never says a word, and asks `/health`.
pub fn verify(subject: &Subject, results: &Results) -> anyhow::Result<Result<(), Blocked>> {
    let executable = &match subject.program()? {
        Ok(program) => program,
        Err(blocked) => return Ok(Err(blocked)),
    };
    let database = FakePostgres::start(State::Silent)?;
    let url = url_of(&database);
    let how = format!(
        "cargo run -p {}\ncurl -i http://127.0.0.1:8000{PATH}",
        package(executable)
    );

    let first = results.check("health.answers-200", || {
        let program = Program::start(executable, &url)?;
        let answer = program.get(PATH);
        let question = Question {
            program: &program,
            method: "GET",
            path: PATH,
            how: how.clone(),
        };
        let answer = question.status(200, answer)?;
        Ok((program, answer))
    });
    let Some((program, answer)) = first else {
        return Ok(Ok(()));
    };
    let question = Question {
        program: &program,
        method: "GET",
        path: PATH,
        how,
    };

    results.check("health.keeps-answering", || keeps_answering(&question));
    results.check("health.says-json", || question.json(&answer));
    results.check("health.says-ok", || question.says(&answer, "status", "ok"));
    results.check("health.forbids-caching", || question.not_kept(&answer));
    results.check("health.answers-head", || {
        question
            .with_head()
            .same_to_head(&answer, program.head(PATH))
    });
    results.check("health.leaves-the-database-alone", || {
        let nobody = FakePostgres::start(State::Refusing).expect("a port of this machine is free");
        let without = Program::start(executable, &url_of(&nobody))?;
        leaves_alone(&question, &database, &without)
    });
    results.check("health.leaves-other-paths-alone", || {
        other_path_is_404(&question, &format!("/{}", random_word()))?;
        other_path_is_404(&question, &format!("{PATH}/{}", random_word()))
    });
    Ok(Ok(()))
}

fn url_of(database: &FakePostgres) -> String {
    format!(
        "postgres://{}@127.0.0.1:{}/{}",
        random_word(),
        database.port(),
        random_word()
    )
}

fn keeps_answering(question: &Question) -> Result<(), Failure> {
    for round in 0..MORE / AT_A_TIME {
        let answers = question.program.get_at_once(PATH, AT_A_TIME);
        for (place, answer) in answers.into_iter().enumerate() {
            let count = 2 + round * AT_A_TIME + place;
            question.status(200, answer).map_err(|failure| Failure {
                expected: format!("{}, every time", failure.expected),
                found: format!("answer {count}: {}", failure.found),
                ..failure
            })?;
        }
    }
    Ok(())
}

/// The database says nothing; then it is not there at all, and never was.
fn leaves_alone(
    question: &Question,
    database: &FakePostgres,
    without: &Program,
) -> Result<(), Failure> {
    let failure = |state: &str, found: String| Failure {
        how: format!(
            "cargo verify database {state}, and with the DATABASE_URL that it prints:\n{}",
            question.how
        ),
        perhaps: Some("the handler asks the database: that is what /health/db is for".to_owned()),
        ..question.failure(
            format!("{PATH} says 200 at once and asks no database"),
            found,
        )
    };
    let before = database.connections();
    for _ in 0..WATCHED {
        let answer = question
            .status(200, question.program.get(PATH))
            .map_err(|slow| failure("silent", slow.found))?;
        if answer.took > SWIFT {
            let took = answer.took.as_millis();
            return Err(failure(
                "silent",
                format!("{took} ms for the answer, while the database was silent\n{answer}"),
            ));
        }
    }
    question
        .status(200, without.get(PATH))
        .map_err(|down| failure("refusing", down.found))?;

    // Those that it has not accepted yet would not be counted; the last is our own.
    database
        .settle()
        .expect("the fake database answers when it is up");
    let touched = database.connections() - before - 1;
    if touched > MAY_CONNECT {
        return Err(failure(
            "silent",
            format!("{WATCHED} questions to {PATH} made {touched} connections to the database"),
        ));
    }
    Ok(())
}

fn other_path_is_404(question: &Question, path: &str) -> Result<(), Failure> {
    let how = question.how.replace(PATH, path);
    let question = Question {
        program: question.program,
        method: "GET",
        path,
        how,
    };
    question
        .status(404, question.program.get(path))
        .map(drop)
        .map_err(|failure| Failure {
            perhaps: failure.perhaps.or(Some(format!(
                "a route for everything answers in {}'s place",
                http::status_line(404)
            ))),
            ..failure
        })
}
