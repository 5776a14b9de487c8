//! The database lets nobody log in: only the pool knows why.

use std::time::Duration;

use super::{
    super::super::{Context, PATH, evidence::Setup, recovers},
    ARRIVAL, PACE,
};
use crate::{
    check::Failure,
    harness::{fake_postgres::State, http::Answer, poll},
};

/// The pool waits for a connection for 750 ms, see `solutions/src/db.rs`. An answer that took so long came after the pool's error, if
/// the program itself waits for longer.
const AFTER_THE_POOL: Duration = Duration::from_millis(700);
const LONGER: Duration = Duration::from_millis(200);

/// An answer that took so long came after the pool's first error in any case.
const LONG_AFTER_THE_POOL: Duration = Duration::from_millis(1_200);

/// The pool tries to log in for as long as it may, and says then why it could not. A probe that waits for longer knows it.
pub fn is_explained(context: &Context, setup: Setup) -> Result<(), Failure> {
    let (full, hanging) = (State::Full, State::Stalling);
    // How long the program waits. Other checks judge who says 200 to any of this, and who does not come back.
    let Some(patient) = answer_while(context, setup, &hanging) else {
        return Ok(());
    };
    let Some(answer) = answer_while(context, setup, &full) else {
        return Ok(());
    };
    let heard = (AFTER_THE_POOL..patient.took.saturating_sub(LONGER)).contains(&answer.took);
    let tried_again = answer.took > LONG_AFTER_THE_POOL;
    let log = &setup.program.log;
    let arrived = || log.warnings(0, setup.server.word()) > 0;
    if !(heard || tried_again) || poll::is_done(ARRIVAL, PACE, arrived) {
        return Ok(());
    }
    let expected = "a line of the log at WARN or ERROR with what a full database says to each login: remaining connection slots are reserved …";
    let failure = setup
        .question(&full)
        .failure(expected, format!("{answer}{}", log.tail()));
    Err(failure.perhaps(if heard {
        "the error of the pool is not in the line: it says why no login has succeeded"
    } else {
        "the time is up in the middle of a second try, and what the first one said is not logged"
    }))
}

/// The first 503 in this state, after a 200.
fn answer_while(context: &Context, setup: Setup, state: &State) -> Option<Answer> {
    let question = setup.question(state);
    setup.server.switch(State::Up);
    recovers(&question).ok()?;
    setup.server.switch(state.clone());
    let answer = question.status(503, setup.program.get(PATH));
    context.collect(setup, state, "");
    answer.ok()
}
