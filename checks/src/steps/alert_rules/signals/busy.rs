//! Callers have all connections, and none of them is answered.

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use super::{ASK, Context, DB_UP, second_probe::NEXT};
use crate::{
    check::Failure,
    harness::{fake_postgres::State, poll},
    steps::{alert_rules::scrape::wait_for, question::Question},
};

/// How many connections the pool has, and a few callers more.
const CONNECTIONS: usize = 8;
const CALLERS: usize = 10;

/// The time limit for the callers to have all of them: on a busy machine some give up before theirs is open.
const ALL_TAKEN: Duration = Duration::from_secs(10);

/// A probe that gets no connection fails, as every reading does. Until nobody `wants` to know.
pub fn is_asked_while_busy(executable: &Path, wanted: &AtomicBool) -> Result<(), Failure> {
    // Whether it starts, and says 1, has been judged.
    let Ok(context) = Context::start(executable, State::Up) else {
        return Ok(());
    };
    if context.says(1.0).is_err() {
        return Ok(());
    }
    context.server.switch(State::Locked);
    // Each caller is told 503 when its time is over, and its connection goes on waiting.
    let taken = poll::is_done(ALL_TAKEN, Duration::ZERO, || {
        context.program.get_at_once("/readings/attic", CALLERS);
        context.server.unanswered() >= CONNECTIONS
    });
    if !taken {
        // Then this says nothing about the probe.
        return Ok(());
    }
    let launch = context.launch.while_database_is(State::Locked);
    let question = Question {
        how: launch.then(&format!(
            "seq {CALLERS} | xargs -P {CALLERS} -I{{}} curl -s http://127.0.0.1:8000/readings/attic; sleep 15\n{ASK}"
        )),
        ..context.question()
    };
    let wanted = || wanted.load(Ordering::Relaxed);
    wait_for(&question, (DB_UP, 0.0), NEXT, &wanted).map_err(|failure| Failure {
        expected: format!(
            "{}, while callers wait with all connections",
            failure.expected
        ),
        ..failure.perhaps(
            "no probe is made while the pool is busy, or it has a connection of its own: then nobody is told that readings fail",
        )
    })
}
