//! What only the second probe can show.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use super::{ASK, Context, DB_UP, PACE};
use crate::{
    check::Failure,
    harness::{fake_postgres::State, poll, text::varying, threads::joined},
    steps::{alert_rules::scrape::wait_for, question::Question},
};

/// How long it may take until a later one says so: twice the 15 s from probe to probe, because on a busy laptop one probe may be
/// given up that would have been answered, then what a probe may take, and then some.
pub const NEXT: Duration = Duration::from_secs(35);

/// When the second probe has been sent, counted from the start of the program, however the first one ended: half as much again as
/// the 15 s, for a busy laptop.
const ASKED_AGAIN: Duration = Duration::from_millis(22_500);

/// When the second probe has asked and been given up, counted from the start of the program.
const SECOND_PROBE: Duration = Duration::from_millis(17_500);
/// The number of queries that may hang in the database: the first one.
const MAY_HANG: usize = 1;

impl Context {
    /// [`Context::says`], but only after the next probe.
    fn comes_to_say(&self, value: f64, wanted: &AtomicBool) -> Result<(), Failure> {
        let wanted = || wanted.load(Ordering::Relaxed);
        let launch = self.launch.while_database_is(State::Refusing).repaired();
        let how = format!(
            "{}\n(Enter again breaks it; ask again {} s after each Enter)",
            launch.then(ASK),
            NEXT.as_secs()
        );
        let question = Question {
            how,
            ..self.question()
        };
        wait_for(&question, (DB_UP, value), NEXT, &wanted)
    }
}

/// The number of queries that probes may have sent in a second. Four times between two scrapes is every 15 s.
const MAY_ASK: f64 = 1.0;
/// What the start may add to them.
const AT_THE_START: f64 = 3.0;

/// When they are counted, after the start: before the second of those that come every 15 s.
const COUNTED: Duration = Duration::from_secs(8);

/// Probes do not keep the database busy.
fn few_questions(up: &Context, wanted: &AtomicBool) -> Result<(), Failure> {
    let left = COUNTED.saturating_sub(up.started.elapsed());
    poll::is_done(left, PACE, || !wanted.load(Ordering::Relaxed));
    let took = up.started.elapsed().as_secs_f64();
    let asked = up.server.questions();
    if (asked as f64) < AT_THE_START + MAY_ASK * took {
        return Ok(());
    }
    let asked = varying("many", asked);
    let found = format!("{asked} queries in {took:.0} s");
    Err(up
        .question()
        .failure("a probe every 15 s, and not more than one in a second", found)
        .perhaps("the interval between two probes is shorter than a second: each is work for the database, and Prometheus looks once a minute"))
}

/// The database of the first goes, that of the second comes back; nobody asks for /health/db. Until nobody `wants` to know.
pub fn stays_fresh(up: &Context, down: &Context, wanted: &AtomicBool) -> Result<(), Failure> {
    few_questions(up, wanted)?;
    up.server.switch(State::Refusing);
    down.server.switch(State::Up);
    // At the same time: who comes too late must not be found there because something else was waited for.
    let (went, asked) = thread::scope(|scope| {
        let asked = scope.spawn(|| is_asked_again(down, wanted));
        (up.comes_to_say(0.0, wanted), joined(asked))
    });
    let went = went.map_err(|failure| (failure, "went away"));
    let came = down
        .comes_to_say(1.0, wanted)
        .map_err(|failure| (failure, "came back"));
    went.and(came).map_err(|(failure, what)| {
        let perhaps = "a probe every 15 s would have seen it twice: here the next one comes later, or only with a request for /health/db, or one probe is not enough to change the gauge";
        Failure {
            expected: format!("{} after the database {what}", failure.expected),
            ..failure
        }
        .perhaps(perhaps)
    })?;
    asked
}

/// A probe that failed is followed by the next one as soon as any other.
fn is_asked_again(down: &Context, wanted: &AtomicBool) -> Result<(), Failure> {
    let left = ASKED_AGAIN.saturating_sub(down.started.elapsed());
    let asked = || down.server.questions() > 0 || !wanted.load(Ordering::Relaxed);
    if poll::is_done(left, PACE, asked) {
        return Ok(());
    }
    let expected = "a probe every 15 s, also after one that failed";
    let found = format!("the first probe failed, and no other came within {ASKED_AGAIN:?}");
    Err(down.question().failure(expected, found).perhaps(
        "the pause is longer than 15 s, perhaps only after a failure: when the database is back, db_up still says 0",
    ))
}

/// The second probe has been given up, and the first still hangs.
pub fn do_not_pile_up(context: &Context, wanted: &AtomicBool) -> Result<(), Failure> {
    let left = SECOND_PROBE.saturating_sub(context.started.elapsed());
    let piles_up = poll::until(left, PACE, || {
        let more = context.server.unanswered() > MAY_HANG;
        (more || !wanted.load(Ordering::Relaxed)).then_some(more)
    });
    if piles_up != Some(true) {
        return Ok(());
    }
    let perhaps = "giving up ends the waiting, not the question: one more connection is gone with every probe";
    Err(context
        .question()
        .failure(
            "one probe at most hangs in a database that does not answer",
            "the next one hangs beside the first",
        )
        .perhaps(perhaps))
}
