//! The gauges that the rules need, without any rules: `db_up` while the database is well, refuses, and leaves a question
//! unanswered.

mod ill;
mod later;

pub use ill::{stops, when_it_is_ill};
pub use later::{do_not_pile_up, stays_fresh};

use std::{
    io,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use super::scrape::{self, Scrape, wait_for};
use crate::{
    check::Failure,
    expect::Question,
    fake_postgres::{FakePostgres, State},
    program::{Program, package},
    steps::random_word,
};

pub const DB_UP: &str = "db_up";

/// How a learner sees it.
const ASK: &str = "curl -s http://127.0.0.1:8000/metrics | grep db_up";

/// How long the first verdict may take from the start of the program: what `/health/db` may take, and then some for a busy
/// laptop.
const FIRST: Duration = Duration::from_secs(6);

/// How often a healthy database may be taken for a dead one at the start, on a busy laptop, before that means something.
const STARTS: usize = 3;

/// How often it is looked.
const PACE: Duration = Duration::from_millis(50);

/// A program, with a database of its own behind it.
pub struct Scene {
    pub server: FakePostgres,
    pub program: Program,
    /// What the learner can do to see it again.
    how: String,
    started: Instant,
}

impl Scene {
    /// # Errors
    /// The outer one: when there is no port for the database.
    pub fn start(executable: &Path, state: State) -> io::Result<Result<Scene, Failure>> {
        let how = how(&package(executable), &state);
        let server = FakePostgres::start(state)?;
        let (user, password) = (random_word(), random_word());
        let url = format!(
            "postgres://{user}:{password}@127.0.0.1:{}/db",
            server.port()
        );
        let started = Instant::now();
        Ok(Program::start(executable, &url).map(|program| Scene {
            server,
            program,
            how,
            started,
        }))
    }

    pub fn question(&self) -> Question<'_> {
        Question {
            program: &self.program,
            method: "GET",
            path: scrape::PATH,
            how: self.how.clone(),
        }
    }

    fn question_about_its_end(&self) -> Question<'_> {
        let mut question = self.question();
        question.how = question.how.replace(ASK, "Ctrl-C where it runs");
        question
    }

    fn says(&self, value: f64) -> Result<(), Failure> {
        wait_for(&self.question(), (DB_UP, value), FIRST, &|| true)
    }
}

fn how(package: &str, state: &State) -> String {
    match state {
        State::Up => format!("cargo run -p {package}\n{ASK}"),
        State::Refusing => format!(
            "DATABASE_URL=postgres://me@127.0.0.1:1/db cargo run -p {package}   (port 1: nobody is there)\n{ASK}"
        ),
        _ => format!(
            "cargo verify database hanging\ncargo run -p {package}, with the DATABASE_URL that the first command prints; then Enter there\n{ASK}"
        ),
    }
}

/// There is a `db_up`, whatever it says.
pub fn exposes(scene: &Scene) -> Result<(), Failure> {
    let question = scene.question();
    let give_up = Instant::now() + FIRST;
    loop {
        let scrape = Scrape::of(&question)?;
        if scrape.value(DB_UP).is_some() {
            return Ok(());
        }
        if Instant::now() > give_up {
            return Err(Failure {
                perhaps: Some(
                    "this is what the stub exposes; or a gauge that is not registered".to_owned(),
                ),
                ..question.failure(
                    format!(
                        "a metric {DB_UP}, within {} s of the start",
                        FIRST.as_secs()
                    ),
                    scrape.shown(DB_UP),
                )
            });
        }
        thread::sleep(PACE);
    }
}

/// It says 1. The program that does, if it is another than the first.
pub fn says_up(executable: &Path, first: &Scene) -> io::Result<Result<Option<Scene>, Failure>> {
    let verdict = |scene: &Scene| {
        scene.says(1.0).map_err(|failure| Failure {
            perhaps: Some("1 is up and 0 is down, and the first probe is at the start".to_owned()),
            ..failure
        })
    };
    let mut said = verdict(first);
    for _ in 1..STARTS {
        if said.is_ok() {
            return Ok(said.map(|()| None));
        }
        match Scene::start(executable, State::Up)? {
            Ok(scene) => {
                said = verdict(&scene);
                if said.is_ok() {
                    return Ok(Ok(Some(scene)));
                }
            }
            Err(failure) => said = Err(failure),
        }
    }
    Ok(said.map(|()| None))
}
