//! The database refuses connections, or takes a query and never answers it.

use std::{path::Path, thread, time::Duration};

use super::{Context, FIRST, PACE};
use crate::{
    check::{Failure, Results, Stop},
    harness::{fake_postgres::State, poll},
    steps::alert_rules::{row, scrape::Scrape},
};

/// More than a scrape takes that does not wait for the database, less than any database timeout.
const SWIFT: Duration = Duration::from_millis(500);
const SCRAPES: usize = 20;
const MAY_BE_SLOW: usize = SCRAPES / 4;
const SCRAPE_PACE: Duration = Duration::from_millis(50);

/// The time limit for it to exit. No request is under way, so this is only for a busy laptop.
const ENDS_WITHIN: Duration = Duration::from_secs(8);

/// One database refuses connections, another one takes a query and never answers it.
pub fn check_outages(
    executable: &Path,
    results: &Results,
) -> Result<(Option<Context>, Option<Context>), Stop> {
    let refused = Context::start(executable, State::Refusing);
    let stalled = Context::start(executable, State::Stalling);
    let refused = results.try_check(row::SAYS_DOWN, || {
        let context = refused?;
        context.says(0.0).map_err(|failure| {
            failure.perhaps(
                "the first probe waits for too long, or an error leaves the gauge as it was",
            )
        })?;
        Ok(context)
    })?;
    let stalled = results.try_check(row::BOUNDS_THE_PROBE, || {
        let context = stalled?;
        // While the probe hangs.
        let swift = scrapes_are_swift(&context);
        context.says(0.0).map_err(|failure| {
            let perhaps = "the probe waits for an answer that never comes: /health/db has a time limit, and this way is free to use it";
            failure.perhaps(perhaps)
        })?;
        Ok((context, swift))
    })?;
    let Some((stalled, swift)) = stalled else {
        return Ok((refused, None));
    };
    results.check(row::KEEPS_SCRAPES_SWIFT, || swift);
    Ok((refused, Some(stalled)))
}

fn scrapes_are_swift(context: &Context) -> Result<(), Failure> {
    let question = context.question();
    let mut slow = Vec::new();
    for _ in 0..SCRAPES {
        let scrape = Scrape::of(&question)?;
        slow.extend((scrape.answer.took > SWIFT).then_some(scrape.answer.took));
        thread::sleep(SCRAPE_PACE);
    }
    match slow.iter().max() {
        Some(slowest) if slow.len() > MAY_BE_SLOW => {
            let perhaps = "the scrape asks the database itself, and waits for it; a task in the background does not keep it waiting";
            Err(question
                .failure(
                    format!("/metrics answers within {SWIFT:?}, whatever the database does"),
                    format!("it took {} ms, and others as long", slowest.as_millis()),
                )
                .perhaps(perhaps))
        }
        _ => Ok(()),
    }
}

/// It exits on SIGTERM while a probe is under way.
pub fn stops(executable: &Path) -> Result<(), Stop> {
    let context = Context::start(executable, State::Stalling)?;
    poll::is_done(FIRST, PACE, || context.server.unanswered() > 0);
    context.program.terminate()?;
    if poll::is_done(ENDS_WITHIN, PACE, || context.program.end().is_some()) {
        return Ok(());
    }
    let limit = ENDS_WITHIN.as_secs();
    let failure = context.question_about_its_end().failure(
        format!("SIGTERM ends it within {limit} s, a probe under way or not"),
        format!("after {limit} s it still runs"),
    );
    Err(failure
        .perhaps("the thread that SIGTERM is handled on waits for the database")
        .into())
}
