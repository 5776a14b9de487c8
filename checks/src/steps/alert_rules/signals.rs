//! The gauges that the rules need, without any rules: `db_up` while the database is well, refuses, and leaves a question
//! unanswered.

use std::{
    io,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use super::scrape::{self, Scrape, wait_for};
use crate::{
    check::{Failure, Results},
    expect::Question,
    fake_postgres::{FakePostgres, State},
    program::{Program, package},
    steps::random_word,
};

pub const DB_UP: &str = "db_up";

/// How long the first verdict may take from the start of the program: what `/health/db` may take, and then some for a busy
/// laptop.
const FIRST: Duration = Duration::from_secs(4);

/// How long the next one may take: the 15 s from probe to probe, then what a probe may take, and then some.
const NEXT: Duration = Duration::from_secs(20);

/// Longer than a scrape takes that waits for nobody, shorter than any time limit of a database.
const SWIFT: Duration = Duration::from_millis(500);
const SCRAPES: u32 = 20;
const SCRAPE_PACE: Duration = Duration::from_millis(50);

/// When the second probe has asked and been given up, counted from the start of the program.
const SECOND_PROBE: Duration = Duration::from_millis(17_500);
const PACE: Duration = Duration::from_millis(50);

/// How many questions may be left hanging in the database: the first one.
const MAY_HANG: usize = 1;

/// How long it may take to end by itself: nobody is being answered, so there is nothing to wait for.
const ENDS_WITHIN: Duration = Duration::from_secs(5);

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
        let url = format!("postgres://{user}:{password}@127.0.0.1:{}/db", server.port());
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

    fn says(&self, value: f64) -> Result<(), Failure> {
        wait_for(&self.question(), (DB_UP, value), FIRST, &|| true)
    }

    /// [`Scene::says`], but only after the next probe.
    fn comes_to_say(&self, value: f64, wanted: &AtomicBool) -> Result<(), Failure> {
        let wanted = || wanted.load(Ordering::Relaxed);
        wait_for(&self.question(), (DB_UP, value), NEXT, &wanted)
    }
}

fn how(package: &str, state: &State) -> String {
    let ask = "curl -s http://127.0.0.1:8000/metrics | grep db_up";
    match state {
        State::Up => format!("cargo run -p {package}\n{ask}"),
        State::Refusing => format!(
            "DATABASE_URL=postgres://me@127.0.0.1:1/db cargo run -p {package}   (port 1: nobody is there)\n{ask}"
        ),
        _ => format!(
            "cargo verify database hanging\ncargo run -p {package}, with the DATABASE_URL that the first command prints; then Enter there\n{ask}"
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

pub fn says_up(scene: &Scene) -> Result<(), Failure> {
    scene.says(1.0).map_err(|failure| Failure {
        perhaps: Some("1 is up and 0 is down, and the first probe is at the start".to_owned()),
        ..failure
    })
}

/// The database refuses; then it asks for nothing and answers nothing.
pub fn when_it_is_ill(
    executable: &Path,
    results: &Results,
) -> io::Result<(Option<Scene>, Option<Scene>)> {
    let refused = Scene::start(executable, State::Refusing)?;
    let stalled = Scene::start(executable, State::Stalling)?;
    let refused = results.check("alert-rules.says-down", || {
        let scene = refused?;
        scene.says(0.0).map_err(|failure| Failure {
            perhaps: Some(
                "the first probe waits for too long, or an error leaves the gauge as it was"
                    .to_owned(),
            ),
            ..failure
        })?;
        Ok(scene)
    });
    let stalled = results.check("alert-rules.bounds-the-probe", || {
        let scene = stalled?;
        // Side by side with the probe, which is stuck by now.
        let swift = scrapes_are_swift(&scene);
        scene.says(0.0).map_err(|failure| Failure {
            perhaps: Some(
                "the probe waits for an answer that never comes: /health/db has a time limit, and this way is free to use it"
                    .to_owned(),
            ),
            ..failure
        })?;
        Ok((scene, swift))
    });
    let Some((stalled, swift)) = stalled else {
        return Ok((refused, None));
    };
    results.check("alert-rules.keeps-scrapes-swift", || swift);
    Ok((refused, Some(stalled)))
}

fn scrapes_are_swift(scene: &Scene) -> Result<(), Failure> {
    let question = scene.question();
    for _ in 0..SCRAPES {
        let scrape = Scrape::of(&question)?;
        if scrape.answer.took > SWIFT {
            return Err(Failure {
                perhaps: Some(
                    "the scrape asks the database itself, and waits for it; a task in the background does not keep it waiting"
                        .to_owned(),
                ),
                ..question.failure(
                    format!("/metrics answers within {SWIFT:?}, whatever the database does"),
                    format!("it took {} ms", scrape.answer.took.as_millis()),
                )
            });
        }
        thread::sleep(SCRAPE_PACE);
    }
    Ok(())
}

/// It ends when it is told to, with a probe under way.
pub fn stops(executable: &Path) -> io::Result<Result<(), Failure>> {
    let scene = match Scene::start(executable, State::Stalling)? {
        Ok(scene) => scene,
        Err(failure) => return Ok(Err(failure)),
    };
    let give_up = Instant::now() + FIRST;
    while scene.server.unanswered() == 0 && Instant::now() < give_up {
        thread::sleep(PACE);
    }
    scene.program.terminate()?;
    let told = Instant::now();
    while scene.program.end().is_none() {
        if told.elapsed() > ENDS_WITHIN {
            let log = scene.program.log.tail();
            return Ok(Err(Failure {
                perhaps: Some(
                    "the thread that SIGTERM is handled on waits for the database".to_owned(),
                ),
                ..scene.question().failure(
                    format!(
                        "SIGTERM ends it within {} s, a probe under way or not",
                        ENDS_WITHIN.as_secs()
                    ),
                    format!("after {} s it still runs{log}", ENDS_WITHIN.as_secs()),
                )
            }));
        }
    }
    Ok(Ok(()))
}

/// The database of the first goes, that of the second comes back; nobody asks for /health/db. Until nobody `wants` to know.
pub fn stays_fresh(up: &Scene, down: &Scene, wanted: &AtomicBool) -> Result<(), Failure> {
    up.server.switch(State::Refusing);
    down.server.switch(State::Up);
    let went = up
        .comes_to_say(0.0, wanted)
        .map_err(|failure| (failure, "went away"));
    let came = down
        .comes_to_say(1.0, wanted)
        .map_err(|failure| (failure, "came back"));
    went.and(came).map_err(|(failure, what)| Failure {
        expected: format!("{} after the database {what}", failure.expected),
        perhaps: Some(
            "nobody asks for /health/db here: the gauge changes only if a probe comes by itself, again and again"
                .to_owned(),
        ),
        ..failure
    })
}

/// The second probe has been given up, and the first still hangs.
pub fn do_not_pile_up(scene: &Scene, wanted: &AtomicBool) -> Result<(), Failure> {
    while scene.started.elapsed() < SECOND_PROBE && wanted.load(Ordering::Relaxed) {
        let hanging = scene.server.unanswered();
        if hanging > MAY_HANG {
            return Err(Failure {
                perhaps: Some(
                    "giving up ends the waiting, not the question: one more connection is gone with every probe"
                        .to_owned(),
                ),
                ..scene.question().failure(
                    "one probe at most hangs in a database that does not answer".to_owned(),
                    "the next one hangs beside the first".to_owned(),
                )
            });
        }
        thread::sleep(PACE);
    }
    Ok(())
}
