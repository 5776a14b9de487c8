//! Step 1: `GET /health` says that the process can answer, whatever else is broken.

mod database;
mod methods;
mod pace;
mod paths;
mod secrets;

use std::time::{Duration, Instant};

use crate::{
    check::{Failure, Results, Stop, checks},
    harness::{
        fake_postgres::{FakePostgres, State},
        launch::Launch,
        program::Program,
        random::random_word,
        text::varying,
    },
    steps::question::Question,
    subject::Subject,
};

checks! {
    ANSWERS_200 = Core, "health.answers-200", "GET /health answers 200 OK", "Wire the route";
    KEEPS_ANSWERING = Core, "health.keeps-answering", "200 to every client, 100 at once as well", "Wire the route", needs ANSWERS_200;
    SAYS_JSON = Core, "health.says-json", "every body is declared as JSON", "Say it as JSON", needs ANSWERS_200;
    SAYS_OK = Core, "health.says-ok", r#"every body is {"status":"ok"}"#, "Say it as JSON", needs ANSWERS_200;
    KEEPS_SECRETS = Core, "health.keeps-secrets", "no setting is shown, no password logged", "Say it as JSON", needs ANSWERS_200;
    FORBIDS_CACHING = Core, "health.forbids-caching", "Cache-Control: no-store on every answer", "Forbid keeping it", needs ANSWERS_200;
    ANSWERS_HEAD = Core, "health.answers-head", "HEAD answers as GET does, without a body", "Answer HEAD too", needs KEEPS_ANSWERING;
    REFUSES_OTHER_METHODS = Core, "health.refuses-other-methods", "405 or 404 to every other method", "Answer HEAD too", needs KEEPS_ANSWERING;
    LEAVES_THE_DATABASE_ALONE = Core, "health.leaves-the-database-alone", "/health asks no database, never waits", "Ask nobody else", needs KEEPS_ANSWERING;
    LEAVES_OTHER_PATHS_ALONE = Core, "health.leaves-other-paths-alone", "other paths are still 404 Not Found", "Wire the route", needs KEEPS_ANSWERING;
}

const PATH: &str = "/health";

/// The learner's command for the request.
const ASK: &str = "curl -i http://127.0.0.1:8000/health";

/// The number of requests after the first (more than a byte can count), of the first of these, how many of them are concurrent, for
/// how long they are sent, and how many are sent at once in the end.
const MORE: usize = 300;
const SOON: usize = 40;
const AT_A_TIME: usize = 4;
const MORE_FOR_AT_MOST: Duration = Duration::from_secs(10);
const CROWD: usize = 100;

/// Starts the program with a database that accepts connections and never answers, and requests `/health`.
pub fn verify(subject: &Subject, results: &Results) -> Result<(), Stop> {
    let executable = &subject.program()?;
    let database = FakePostgres::start(State::Silent)?;
    let password = random_word();
    let (user, name) = (random_word(), random_word());
    let url = database.url(&format!("{user}:{password}"), &name);
    let silent = Launch::new(executable).database(url, State::Silent);
    // A learner sees the same with a healthy database, unless the program asks it.
    let how = silent.while_database_is(State::Up).then(ASK);

    let first = results.check(row::ANSWERS_200, || {
        let program = Program::start(&silent)?;
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
        return Ok(());
    };
    let question = Question {
        program: &program,
        method: "GET",
        path: PATH,
        how,
    };
    // Started early: a task that watches the database in the background needs time to see that there is none.
    let nobody = FakePostgres::start(State::Refusing)?;
    let url = nobody.url(&format!("{user}:{password}"), &name);
    let refusing = Launch::new(executable).database(url, State::Refusing);
    let login = format!("user={user}&password={password}");
    let with_query =
        Launch::new(executable).database(nobody.url_with_query(&login, &name), State::Refusing);
    let without = Program::start(&refusing).map(|program| (program.get(PATH), program));

    results.check(row::KEEPS_ANSWERING, || keeps_answering(&question));
    results.check(row::ANSWERS_HEAD, || {
        let head = question.with_head();
        head.expect_head_matches(&answer, program.head(PATH))?;
        question.expect_head_matches_by_each_client()
    });
    results.check(row::REFUSES_OTHER_METHODS, || {
        methods::are_refused(&question)
    });
    results.check(row::LEAVES_THE_DATABASE_ALONE, || {
        let (at_first, without) = without?;
        let (silent, refusing) = ((&database, &silent), (&without, &refusing));
        database::is_left_alone(&question, silent, refusing, at_first)?;
        database::needs_no_address(&question, executable)?;
        pace::waits_for_nothing(&question)?;
        pace::writes_nothing(&question)
    });
    results.check(row::LEAVES_OTHER_PATHS_ALONE, || paths::are_404(&question));
    let secrets = [&*password, &user, &name];
    forms(results, &question, secrets, &[refusing, with_query]);
    Ok(())
}

fn keeps_answering(question: &Question) -> Result<(), Failure> {
    let began = Instant::now();
    for round in 0..MORE / AT_A_TIME {
        // A slow handler is another check's matter.
        if began.elapsed() > MORE_FOR_AT_MOST {
            break;
        }
        let answers = question.program.get_at_once(PATH, AT_A_TIME);
        for (place, answer) in answers.into_iter().enumerate() {
            let count = 2 + round * AT_A_TIME + place;
            question.status(200, answer).map_err(|failure| {
                question.repeated(
                    1 + if count > SOON { MORE } else { SOON },
                    Failure {
                        expected: format!("{}, every time", failure.expected),
                        found: format!("answer {}: {}", varying("number", count), failure.found),
                        ..failure
                    }
                    .or_perhaps(
                        "the first answer was as expected: something counts the requests, or remembers",
                    ),
                )
            })?;
        }
    }
    question.expect_by_each_client(|question, answer| question.status(200, answer).map(drop))?;
    pace::answers_a_crowd(question, CROWD)?;
    pace::answers_without_a_break(question)
}

/// What must hold for everything that was answered, and for all that was written.
fn forms(
    results: &Results,
    question: &Question,
    [password, user, name]: [&str; 3],
    refusing: &[Launch; 2],
) {
    let exchanges = question.program.exchanges();
    let answered: Vec<_> = exchanges
        .iter()
        .filter(|it| it.answer.status == 200)
        .cloned()
        .collect();
    results.check(row::SAYS_JSON, || {
        question.expect_of_all(&answered, |question, answer| question.json(answer))
    });
    results.check(row::SAYS_OK, || {
        question.expect_of_all(&answered, |question, answer| {
            question.expect_json_field(answer, "status", "ok")
        })
    });
    results.check(row::FORBIDS_CACHING, || {
        question.expect_of_all(&answered, |question, answer| {
            question.expect_no_store(answer)
        })
    });
    results.check(row::KEEPS_SECRETS, || {
        secrets::are_not_shown(question.program, &exchanges, password, &refusing[0])?;
        let with_url = Question {
            how: refusing[0].then(ASK),
            ..*question
        };
        secrets::no_settings_are_shown(&with_url, &exchanges, [user, name])?;
        secrets::are_never_logged(password, refusing)
    });
}
