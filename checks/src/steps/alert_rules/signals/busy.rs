//! Callers have all connections, and none of them is answered.

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use super::{ASK, Context, DB_UP, second_probe::NEXT};
use crate::{
    check::Failure,
    harness::fake_postgres::State,
    steps::{alert_rules::scrape::wait_for, question::Question},
};

/// More than the pool has connections.
const CALLERS: usize = 10;

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
    // Each is told 503 when its time is over, and its connection goes on waiting.
    context.program.get_at_once("/readings/attic", CALLERS);
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
            "no probe is made while the pool is busy: nobody is told of the worst outage there is",
        )
    })
}
