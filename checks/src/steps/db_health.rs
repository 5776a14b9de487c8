//! Step 2: `GET /health/db` says whether the database answers, whatever the database does.

mod evidence;
mod faults;
mod hang;
mod pool;
mod slow;
mod sqlite;
mod up_and_down;

use std::{path::Path, sync::Mutex, time::Duration};

use evidence::Login;

use crate::{
    check::{Failure, Results, Stop, checks},
    harness::{
        fake_postgres::{FakePostgres, State},
        http::Answer,
        launch::Launch,
        poll,
        program::Program,
    },
    steps::question::Question,
    subject::Subject,
};

const PATH: &str = "/health/db";

/// The learner's command for the request.
const ASK: &str = "curl -i http://127.0.0.1:8000/health/db";

checks! {
    ANSWERS_200 = Core, "db-health.answers-200", "GET /health/db answers 200 OK", "Ask over the pool";
    SAYS_JSON = Core, "db-health.says-json", "every body is declared as JSON", "Say it with the status", needs ANSWERS_200;
    SAYS_OK = Core, "db-health.says-ok", r#"the body of a 200 is {"db":"ok"}"#, "Say it with the status", needs ANSWERS_200;
    FORBIDS_CACHING = Core, "db-health.forbids-caching", "Cache-Control: no-store on all answers", "Say it with the status", needs ANSWERS_200;
    ANSWERS_HEAD = Core, "db-health.answers-head", "HEAD answers 200 OK as GET does", "Say it with the status", needs ANSWERS_200;
    ASKS_THE_DATABASE = Core, "db-health.asks-the-database", "each probe makes a SELECT 1 arrive", "Ask over the pool", needs ANSWERS_200;
    REUSES_CONNECTIONS = Core, "db-health.reuses-connections", "20 probes need no new connections", "Ask over the pool", needs ASKS_THE_DATABASE;
    SHARES_THE_POOL = Core, "db-health.shares-the-pool", "probes and readings share one pool", "Ask over the pool", needs REUSES_CONNECTIONS;
    ASKS_SQLITE_TOO = Core, "db-health.asks-sqlite-too", "the embedded SQLite file is asked too", "Ask over the pool", needs REUSES_CONNECTIONS;
    ANSWERS_503_WHEN_DOWN = Core, "db-health.answers-503-when-down", "503 while connecting is refused", "Say it with the status", needs ASKS_THE_DATABASE;
    SAYS_DOWN = Core, "db-health.says-down", r#"the body of a 503 is {"db":"down"}"#, "Say it with the status", needs ANSWERS_503_WHEN_DOWN;
    RECOVERS = Core, "db-health.recovers", "200 within 5 s of the database's return", "Start while it is down", needs ANSWERS_503_WHEN_DOWN;
    ANSWERS_503_WHEN_SILENT = Core, "db-health.answers-503-when-silent", "503 while the server says nothing", "Put a bound on it", needs ANSWERS_503_WHEN_DOWN;
    ANSWERS_503_WHEN_FROZEN = Core, "db-health.answers-503-when-frozen", "503 while nothing is answered any more", "Put a bound on it", needs ANSWERS_503_WHEN_DOWN;
    BEARS_A_SLOW_DATABASE = Core, "db-health.bears-a-slow-database", "a slow database is waited for, up to 2 s", "Put a bound on it", needs ANSWERS_503_WHEN_FROZEN;
    ANSWERS_503_WHEN_FULL = Core, "db-health.answers-503-when-full", "503 while all connections are taken", "Say it with the status", needs ANSWERS_503_WHEN_DOWN;
    ANSWERS_HEAD_WHEN_DOWN = Core, "db-health.answers-head-when-down", "HEAD says 503 whenever GET does", "Say it with the status", needs ANSWERS_HEAD;
    ANSWERS_503_ON_ERROR = Core, "db-health.answers-503-on-error", "503 whenever SELECT 1 fails", "Say it with the status", needs ANSWERS_503_WHEN_DOWN;
    KEEPS_THE_CAUSE_PRIVATE = Core, "db-health.keeps-the-cause-private", "no answer tells about the database", "Keep the cause to yourself", needs ANSWERS_503_WHEN_DOWN;
    LOGS_THE_CAUSE = Core, "db-health.logs-the-cause", "the log tells what the server said", "Keep the cause to yourself", needs ANSWERS_503_ON_ERROR;
    LOGS_A_TIMEOUT = Core, "db-health.logs-a-timeout", "each timeout is logged as well", "Keep the cause to yourself", needs ANSWERS_503_WHEN_FROZEN;
    KEEPS_THE_PASSWORD_SECRET = Core, "db-health.keeps-the-password-secret", "no answer or log shows the password", "Keep the cause to yourself", needs ANSWERS_503_WHEN_DOWN;
    LEAVES_LIVENESS_FAST = Core, "db-health.leaves-liveness-fast", "/health stays fast while probes wait", "Never on the worker thread", needs REUSES_CONNECTIONS;
    DOES_NOT_PILE_UP = Extra, "db-health.does-not-pile-up", "one probe at a time asks the database", "One question at a time", needs LEAVES_LIVENESS_FAST;
    RECOVERS_FROM_A_FREEZE = Extra, "db-health.recovers-from-a-freeze", "200 within 5 s of the end of a freeze", "One question at a time", needs ANSWERS_503_WHEN_FROZEN;
    STARTS_WITHOUT_DATABASE = Core, "db-health.starts-without-database", "the service starts without its database", "Start while it is down", needs ANSWERS_503_WHEN_DOWN;
}

/// First the database is up, goes down and comes back. Then come the faults that are harder to see, concurrently and each with
/// its own program.
pub fn verify(subject: &Subject, results: &Results) -> Result<(), Stop> {
    let executable = subject.program()?;
    let context = Context {
        executable: &executable,
        results,
        login: Login::draw(),
        evidence: Mutex::default(),
    };
    up_and_down::check_all(&context)?;
    if results.passed(row::ANSWERS_503_WHEN_DOWN) {
        faults::check_all(&context)?;
    }
    for form in [
        row::SAYS_JSON,
        row::SAYS_OK,
        row::SAYS_DOWN,
        row::FORBIDS_CACHING,
    ] {
        results.check(form, || context.first_failure_of(form));
    }
    for secret in [row::KEEPS_THE_CAUSE_PRIVATE, row::KEEPS_THE_PASSWORD_SECRET] {
        results.check(secret, || context.first_failure_of(secret));
    }
    Ok(())
}

/// What all the scenarios of this step share.
struct Context<'a> {
    executable: &'a Path,
    results: &'a Results,
    login: Login,
    /// What is wrong with the form of answers, and what they and the log give away.
    evidence: Mutex<evidence::Evidence>,
}

impl Context<'_> {
    /// The usual start, with this database.
    fn launch(&self, server: &FakePostgres) -> Launch {
        Launch::new(self.executable).database(self.login.url(server), State::Up)
    }

    /// The same, but with this level of the log.
    fn launch_logging(&self, server: &FakePostgres, level: &'static str) -> Launch {
        self.launch(server).settings(&[("RUST_LOG", level)])
    }
}

/// The request `GET /health/db` to a program that was started like this, to be repeated against a database in this state.
fn question<'a>(program: &'a Program, launch: &Launch, state: &State) -> Question<'a> {
    Question {
        program,
        method: "GET",
        path: PATH,
        how: launch.while_database_is(state.clone()).then(ASK),
    }
}

/// [`question`] when the database has come back from this state.
fn question_after<'a>(program: &'a Program, launch: &Launch, state: &State) -> Question<'a> {
    let launch = launch.while_database_is(state.clone());
    Question {
        how: launch.clone().repaired().then(ASK),
        ..question(program, &launch, state)
    }
}

/// Retries until the answer is 200, for at most the 5 s that the contract allows.
fn recovers(question: &Question) -> Result<Answer, Failure> {
    const LIMIT: Duration = Duration::from_secs(5);
    const PACE: Duration = Duration::from_millis(50);
    let ask = || Ok(question.status(200, question.program.get(PATH)));
    poll::latest(LIMIT, PACE, ask, Result::is_ok)
        .flatten()
        .map_err(|failure| Failure {
            expected: format!("{}, within 5 s of the database's return", failure.expected),
            found: format!("after 5 s still: {}", failure.found),
            ..failure
        })
}
