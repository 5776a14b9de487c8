//! The gauges that the rules need, without any rules: `db_up` while the database is healthy, refuses connections, and leaves
//! a query unanswered.

mod busy;
mod outage;
mod second_probe;

pub use busy::is_asked_while_busy;
pub use outage::{check_outages, stops};
pub use second_probe::{do_not_pile_up, stays_fresh};

use std::{
    path::Path,
    time::{Duration, Instant},
};

use super::scrape::{self, Scrape, wait_for};
use crate::{
    check::{Failure, Stop},
    harness::{
        fake_postgres::{FakePostgres, State},
        launch::Launch,
        poll,
        program::Program,
        random::random_word,
    },
    steps::question::Question,
};

pub const DB_UP: &str = "db_up";

/// The learner's command to see it.
const ASK: &str = "curl -s http://127.0.0.1:8000/metrics | grep db_up";

/// The time limit for the first value from the start of the program: that of `/health/db`, with a margin for a busy
/// laptop.
const FIRST: Duration = Duration::from_secs(6);

/// How often a healthy database may appear down at the start, on a busy laptop, before that counts as a failure.
const STARTS: usize = 3;

/// Polling interval.
const PACE: Duration = Duration::from_millis(50);

/// A program with its own database.
pub struct Context {
    pub server: FakePostgres,
    pub program: Program,
    pub launch: Launch,
    started: Instant,
}

impl Context {
    pub fn start(executable: &Path, state: State) -> Result<Context, Stop> {
        let server = FakePostgres::start(state.clone())?;
        let (user, password) = (random_word(), random_word());
        let url = server.url(&format!("{user}:{password}"), "db");
        let started = Instant::now();
        let launch = Launch::new(executable).database(url, state);
        Ok(Context {
            server,
            program: Program::start(&launch)?,
            launch,
            started,
        })
    }

    pub fn question(&self) -> Question<'_> {
        Question {
            program: &self.program,
            method: "GET",
            path: scrape::PATH,
            how: self.launch.then(ASK),
        }
    }

    fn question_about_its_end(&self) -> Question<'_> {
        Question {
            how: self.launch.then("(then press Ctrl-C where it runs)"),
            ..self.question()
        }
    }

    fn says(&self, value: f64) -> Result<(), Failure> {
        wait_for(&self.question(), (DB_UP, value), FIRST, &|| true)
    }
}

/// Expects a `db_up` with any value.
pub fn exposes(context: &Context) -> Result<(), Failure> {
    let question = context.question();
    let is_there = |scrape: &Scrape| scrape.value(DB_UP).is_some();
    let scrape = poll::latest(FIRST, PACE, || Scrape::of(&question), is_there)?;
    if is_there(&scrape) {
        return Ok(());
    }
    Err(question
        .failure(
            format!(
                "a metric {DB_UP}, within {} s of the start",
                FIRST.as_secs()
            ),
            scrape.shown(DB_UP),
        )
        .perhaps("this is what the stub exposes; or a gauge that is not registered"))
}

/// Expects the value 1. Returns the program that exposes it, if it is not the first one.
pub fn says_up(executable: &Path, first: &Context) -> Result<Option<Context>, Stop> {
    let verdict = |context: &Context| {
        context.says(1.0).map_err(|failure| {
            failure.perhaps("1 is up and 0 is down, and the first probe is at the start")
        })
    };
    let mut said = match verdict(first) {
        Ok(()) => return Ok(None),
        Err(failure) => failure,
    };
    for _ in 1..STARTS {
        let another = Context::start(executable, State::Up)
            .and_then(|context| verdict(&context).map(|()| context).map_err(Stop::from));
        match another {
            Err(Stop::Failed(failure)) => said = failure,
            found => return found.map(Some),
        }
    }
    Err(said.into())
}
