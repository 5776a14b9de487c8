//! The database is slow, but it answers.

use std::{thread, time::Duration};

use super::{Context, PATH, evidence::Setup, recovers, row, up_and_down::ASK_BEFORE};
use crate::{
    check::{Failure, Stop},
    harness::{
        fake_postgres::{FakePostgres, State},
        poll,
        program::Program,
        random::random_number,
    },
    steps::question::Question,
};

/// A pause that every probe has to bear, in ms, and one that is too long for some of those that wait their turn.
const SHORT: std::ops::Range<u64> = 250..350;
const LONG: Duration = Duration::from_millis(1_100);

/// The number of probes at once during the long one.
const PROBES: usize = 6;

/// Returns the result of the check instead of recording it, because the check needs another one that runs at the same time.
pub fn observe(context: &Context) -> Result<(), Stop> {
    let server = FakePostgres::start(State::Up)?;
    let launch = &context.launch(&server);
    let look = |program: Program| {
        server.switch(State::Up);
        let setup = Setup {
            program: &program,
            launch,
            server: &server,
        };
        let pause = Duration::from_millis(random_number(SHORT));
        let (busy, slow) = (&State::Slow(pause), &State::Slow(LONG));
        let short = setup.question(busy);
        recovers(&short)?;
        server.switch(busy.clone());
        let seen = a_short_pause(&short)
            .and_then(|()| long_ones(&setup.question(slow), &server))
            .and_then(|()| {
                // A program that does not come back from a plain outage either is told so by the check of that.
                server.switch(State::Up);
                if !context.results.passed(row::RECOVERS) || recovers(&short).is_err() {
                    return Ok(());
                }
                a_busy_return(&short, &server, busy)
            });
        context.collect(setup, slow, "");
        seen
    };
    Ok(poll::retried(|| Program::start(launch).and_then(look))?)
}

fn a_short_pause(question: &Question) -> Result<(), Failure> {
    let waited_for = |question: &Question, answer| {
        let waited = question.status(200, answer).map(drop);
        waited.map_err(|failure| Failure {
            expected: format!(
                "{}, from a database that takes 0.3 s for its answer",
                failure.expected
            ),
            ..failure.perhaps("the time limit is too short: a busy database is not down")
        })
    };
    waited_for(question, question.program.get(PATH))?;
    // One of two waits for the other's answer, and then for its own: both within the second.
    for answer in question.program.get_at_once(PATH, 2) {
        waited_for(question, answer).map_err(|failure| Failure {
            expected: format!("{}, to two probes at once", failure.expected),
            how: failure
                .how
                .replace("curl -i", "seq 2 | xargs -P 2 -I{} curl -is"),
            perhaps: Some("the wait for the turn has a shorter time limit of its own: put one around all that is waited for".to_owned()),
            ..failure
        })?;
    }
    match question.program.head(PATH) {
        // Whether HEAD is answered at all has a check of its own.
        Ok(answer) if answer.status != 503 => Ok(()),
        answer => waited_for(&question.with_head(), answer),
    }
}

/// Several probes at once, which may wait their turn: each is answered in time, with 200 or 503.
fn long_ones(question: &Question, server: &FakePostgres) -> Result<(), Failure> {
    server.switch(State::Slow(LONG));
    let program = question.program;
    let answers: Vec<_> = thread::scope(|scope| {
        let asking: Vec<_> = (0..PROBES)
            .map(|_| scope.spawn(|| program.get(PATH)))
            .collect();
        let answers = asking
            .into_iter()
            .map(|it| it.join().expect("asking does not panic"));
        answers.collect()
    });
    answers.into_iter().try_for_each(|answer| match answer {
        Ok(answer) if answer.status == 200 => Ok(()),
        answer => question.status(503, answer).map(drop).map_err(|failure| Failure {
            expected: format!(
                "200 or 503 within 2 s, to {PROBES} probes at once, from a database that takes 1.1 s for each answer"
            ),
            how: failure.how.replace("curl -i", "seq 6 | xargs -P 6 -I{} curl -is"),
            ..failure.perhaps("each of several waits has a bound of its own, and together they take longer: put one around them all")
        }),
    })
}

/// After an outage the database comes back, and has much to do: it is waited for no less than before.
fn a_busy_return(question: &Question, server: &FakePostgres, busy: &State) -> Result<(), Failure> {
    server.switch(State::Refusing);
    // What is said now has checks of its own; what counts is that it was asked.
    let _ = question.program.get(PATH);
    server.switch(busy.clone());
    recovers(question).map(drop).map_err(|failure| Failure {
        expected: format!(
            "{}, also if it takes 0.3 s for its answers then",
            failure.expected
        ),
        how: format!(
            "{}\n{ASK_BEFORE}",
            failure.how.replace("database busy", "database restarting")
        ),
        ..failure.perhaps("after a failure the time limit is shorter, and stays so for as long as nothing is in time")
    })
}
