//! Step 2: `GET /health/db` says whether the database answers, whatever the database does.

mod evidence;
mod faults;
mod frozen;
mod up_and_down;

use std::{
    path::Path,
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use crate::{
    check::{Check, Failure, Results},
    expect::Question,
    fake_postgres::FakePostgres,
    http::Answer,
    program::{Program, package},
    steps::random_word,
    verify::{Blocked, Subject},
};

const PATH: &str = "/health/db";

/// The check that all others rest on, beside `answers-200`.
const ASKS: Option<&str> = Some("db-health.asks-the-database");
const UP: Option<&str> = Some("db-health.answers-200");
const DOWN: Option<&str> = Some("db-health.answers-503-when-down");

#[rustfmt::skip] // a table
pub const CHECKS: &[Check] = &[
    Check::new("db-health.answers-200", "GET /health/db answers 200 OK", None, "Ask over the pool"),
    Check::new("db-health.says-json", "every body is declared as JSON", UP, "Say it with the status"),
    Check::new("db-health.says-ok", r#"the body is {"db":"ok"}"#, UP, "Say it with the status"),
    Check::new("db-health.forbids-caching", "Cache-Control: no-store on all answers", UP, "Say it with the status"),
    Check::new("db-health.answers-head", "HEAD /health/db answers 200 OK", UP, "Say it with the status"),
    Check::new("db-health.asks-the-database", "each probe makes a SELECT 1 arrive", UP, "Ask over the pool"),
    Check::new("db-health.reuses-connections", "20 probes need no new connections", ASKS, "Ask over the pool"),
    Check::new("db-health.answers-503-when-down", "503 while connecting is refused", ASKS, "Say it with the status"),
    Check::new("db-health.says-down", r#"the body is then {"db":"down"}"#, DOWN, "Say it with the status"),
    Check::new("db-health.recovers", "200 within 5 s of the database's return", DOWN, "Start while it is down"),
    Check::new("db-health.answers-503-when-silent", "503 while the server says nothing", DOWN, "Put a bound on it"),
    Check::new("db-health.answers-503-when-frozen", "503 while nothing is answered any more", DOWN, "Put a bound on it"),
    Check::new("db-health.answers-503-when-full", "503 while the server takes no more", DOWN, "Say it with the status"),
    Check::new("db-health.answers-head-when-down", "HEAD /health/db says 503 then, too", Some("db-health.answers-head"), "Say it with the status"),
    Check::new("db-health.answers-503-on-error", "503 when SELECT 1 fails", DOWN, "Say it with the status"),
    Check::new("db-health.keeps-the-cause-private", "no answer tells the caller the cause", DOWN, "Keep the cause to yourself"),
    Check::new("db-health.logs-the-cause", "the log does tell what the server said", Some("db-health.answers-503-on-error"), "Keep the cause to yourself"),
    Check::new("db-health.logs-a-timeout", "a timeout is logged as well", Some("db-health.answers-503-when-frozen"), "Keep the cause to yourself"),
    Check::new("db-health.keeps-the-password-secret", "no answer or log shows the password", DOWN, "Keep the cause to yourself"),
    Check::new("db-health.leaves-liveness-fast", "/health stays fast meanwhile", Some("db-health.reuses-connections"), "Never on the worker thread"),
    Check::new("db-health.does-not-pile-up", "few probes wait inside the database", Some("db-health.leaves-liveness-fast"), "One question at a time"),
    Check::new("db-health.recovers-from-a-freeze", "200 within 5 s of the thaw", Some("db-health.answers-503-when-frozen"), "One question at a time"),
    Check::new("db-health.starts-without-database", "starts while the database is down", DOWN, "Start while it is down"),
];

/// First the database is up, goes down and comes back. Then, side by side and each with a program of its own, come the faults
/// that are harder to see.
pub fn verify(subject: &Subject, results: &Results) -> anyhow::Result<Result<(), Blocked>> {
    let executable = match subject.program()? {
        Ok(program) => program,
        Err(blocked) => return Ok(Err(blocked)),
    };
    let scene = Scene {
        executable: &executable,
        results,
        user: random_word(),
        password: random_word(),
        database: random_word(),
        evidence: Mutex::default(),
    };
    up_and_down::verify(&scene)?;
    if results.passed("db-health.answers-503-when-down") {
        faults::verify(&scene)?;
    }
    for form in [
        "db-health.says-json",
        "db-health.says-down",
        "db-health.forbids-caching",
    ] {
        results.check(form, || scene.well_formed(form));
    }
    results.check("db-health.keeps-the-cause-private", || {
        scene.no_answer_tells_the_cause()
    });
    results.check("db-health.keeps-the-password-secret", || {
        scene.nothing_shows_the_password()
    });
    Ok(Ok(()))
}

/// What all the scenarios of this step share.
struct Scene<'a> {
    executable: &'a Path,
    results: &'a Results,
    user: String,
    password: String,
    database: String,
    /// What may turn out to tell too much: answers, with the words that they must not hold, and lines of log.
    evidence: Mutex<evidence::Evidence>,
}

impl Scene<'_> {
    fn url(&self, server: &FakePostgres) -> String {
        format!(
            "postgres://{}:{}@127.0.0.1:{}/{}",
            self.user,
            self.password,
            server.port(),
            self.database
        )
    }

    fn start(&self, server: &FakePostgres) -> Result<Program, Failure> {
        Program::start(self.executable, &self.url(server))
    }

    /// The question `GET /health/db`, to be repeated against a database in the state that `cargo verify database` calls
    /// `state`.
    fn question<'a>(&self, program: &'a Program, state: &str) -> Question<'a> {
        let package = package(self.executable);
        let (before, after) = match state {
            "up" => (String::new(), ""),
            "refusing" => (
                "DATABASE_URL=postgres://me@127.0.0.1:1/db ".to_owned(),
                "   (port 1: nobody is there)",
            ),
            _ => (
                String::new(),
                ", with the DATABASE_URL that the first command prints",
            ),
        };
        let first = match state {
            "up" | "refusing" => String::new(),
            _ => format!("cargo verify database {state}\n"),
        };
        let how = format!(
            "{first}{before}cargo run -p {package}{after}\ncurl -i http://127.0.0.1:8000{PATH}"
        );
        Question {
            program,
            method: "GET",
            path: PATH,
            how,
        }
    }
}

/// Asks until the answer is 200: at most for the 5 s that the contract allows.
fn recovers(question: &Question) -> Result<Answer, Failure> {
    const LIMIT: Duration = Duration::from_secs(5);
    const PACE: Duration = Duration::from_millis(50);
    let give_up = Instant::now() + LIMIT;
    loop {
        let answer = question.program.get(PATH);
        match question.status(200, answer) {
            Ok(answer) => return Ok(answer),
            Err(failure) if Instant::now() > give_up => {
                return Err(Failure {
                    expected: format!("{}, within 5 s of the database's return", failure.expected),
                    found: format!("after 5 s still: {}", failure.found),
                    ..failure
                });
            }
            Err(_) => thread::sleep(PACE),
        }
    }
}
