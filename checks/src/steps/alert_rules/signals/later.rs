//! What only the second probe shows.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use super::{DB_UP, PACE, Scene};
use crate::{check::Failure, fake_postgres::State, steps::alert_rules::scrape::wait_for};

/// How long it may take until a later one says so: twice the 15 s from probe to probe, because on a busy laptop one probe may be
/// given up that would have been answered, then what a probe may take, and then some.
const NEXT: Duration = Duration::from_secs(35);

/// When the second probe has asked and been given up, counted from the start of the program.
const SECOND_PROBE: Duration = Duration::from_millis(17_500);
/// How many questions may be left hanging in the database: the first one.
const MAY_HANG: usize = 1;

impl Scene {
    /// [`Scene::says`], but only after the next probe.
    fn comes_to_say(&self, value: f64, wanted: &AtomicBool) -> Result<(), Failure> {
        let wanted = || wanted.load(Ordering::Relaxed);
        wait_for(&self.question(), (DB_UP, value), NEXT, &wanted)
    }
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
