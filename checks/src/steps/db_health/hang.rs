//! The connections are open; then the database hangs: statements are no longer answered, as behind a lock, or it falls
//! silent, like a frozen machine. Many probes arrive at once.

mod burst;
mod expectations;

use std::{thread, time::Duration};

use super::{Context, PATH, evidence::Setup, question, question_after, recovers, row};
use crate::{
    check::{Failure, Stop},
    harness::{
        fake_postgres::{FakePostgres, State},
        http::ANSWER_LIMIT,
        launch::Launch,
        poll,
        program::Program,
        threads::joined,
    },
    steps::question::Question,
};
use burst::{BurstResult, meanwhile};
use expectations::{a_line_was_logged, all_503, few_hang, liveness_is_fast, nobody_waits_longer};

/// Polling interval.
const PACE: Duration = Duration::from_millis(10);

/// The time limit for a line of the log to arrive.
const ARRIVAL: Duration = Duration::from_secs(1);

pub fn check_all(context: &Context) -> Result<(), Stop> {
    let results = context.results;
    let hangs = thread::scope(|scope| {
        [State::Hanging, State::Silent]
            .map(|state| scope.spawn(|| Hang::watch(context, state)))
            .map(joined)
    });
    let [hanging, silent] = hangs;
    let both = match hanging.and_then(|hanging| Ok([hanging, silent?])) {
        Ok(both) => both,
        Err(stop) => {
            return results
                .try_check(row::ANSWERS_503_WHEN_FROZEN, || Err::<(), _>(stop))
                .map(drop);
        }
    };
    let each = |look: &dyn Fn(&Question, &BurstResult) -> Result<(), Failure>| {
        both.iter()
            .try_for_each(|hang| look(&hang.question(), &hang.seen))
    };

    results.check(row::ANSWERS_503_WHEN_FROZEN, || {
        each(&all_503)?;
        each(&nobody_waits_longer)
    });
    let logged = each(&a_line_was_logged);
    results.check(row::LEAVES_LIVENESS_FAST, || each(&liveness_is_fast));
    results.check(row::DOES_NOT_PILE_UP, || each(&few_hang));
    both.iter().for_each(|hang| hang.collect(context));
    both.iter().for_each(|hang| hang.server.switch(State::Up));
    let recovered = both.iter().try_for_each(|hang| {
        let question = question_after(&hang.program, &hang.launch, &hang.state);
        recovers(&question).map(drop)
    });
    let again = recovered.is_ok().then(|| again(&both));
    results.check(row::LOGS_A_TIMEOUT, || logged.and(again.unwrap_or(Ok(()))));
    results.check(row::RECOVERS_FROM_A_FREEZE, || {
        recovered.map_err(|failure| {
            failure
                .perhaps("a probe that is given up leaves something behind: a turn, a flag, a lock")
        })
    });
    both.iter().for_each(|hang| hang.collect(context));
    Ok(())
}

/// Both databases hang once more: one is asked with GET only, the other one with HEAD only.
fn again(both: &[Hang; 2]) -> Result<(), Failure> {
    let [get, head] = thread::scope(|scope| {
        [(&both[0], "GET"), (&both[1], "HEAD")]
            .map(|(hang, method)| scope.spawn(move || hang.again(method)))
            .map(joined)
    });
    get.and(head)
}

/// A program whose database hung while it was observed.
struct Hang {
    server: FakePostgres,
    launch: Launch,
    program: Program,
    state: State,
    seen: BurstResult,
}

impl Hang {
    /// With a log of nothing below WARN, where a timeout belongs.
    fn watch(context: &Context, state: State) -> Result<Hang, Stop> {
        let hang = Hang::watch_once(context, state.clone())?;
        // On a busy machine an answer may be late. What is the program's fault happens to the next one, too.
        if hang.seen.is_late() {
            return Hang::watch_once(context, state);
        }
        Ok(hang)
    }

    fn watch_once(context: &Context, state: State) -> Result<Hang, Stop> {
        let server = FakePostgres::start(State::Up)?;
        let launch = context.launch_logging(&server, "warn");
        let program = Program::start(&launch)?;
        recovers(&question(&program, &launch, &state))?;
        server.switch(state.clone());
        let seen = meanwhile(&program, &server);
        Ok(Hang {
            server,
            launch,
            program,
            state,
            seen,
        })
    }

    fn question(&self) -> Question<'_> {
        question(&self.program, &self.launch, &self.state)
    }

    fn collect(&self, context: &Context) {
        let setup = Setup {
            program: &self.program,
            launch: &self.launch,
            server: &self.server,
        };
        context.collect(setup, &self.state, "");
    }

    /// Lets the database hang once more: that is logged, too.
    fn again(&self, method: &str) -> Result<(), Failure> {
        let before = self.program.log.count();
        self.server.switch(self.state.clone());
        let question = match method {
            "HEAD" => self.question().with_head(),
            _ => self.question(),
        };
        let answer = self.program.ask(method, PATH, ANSWER_LIMIT);
        // What HEAD is told has checks of its own.
        let is_judged = method == "GET" || answer.as_ref().is_ok_and(|it| it.status == 503);
        let answer = question.status(503, answer);
        let log = &self.program.log;
        let logged = poll::is_done(ARRIVAL, PACE, || log.warnings(before, "") > 0);
        self.server.switch(State::Up);
        if !is_judged || (answer.is_ok() && logged) {
            return Ok(());
        }
        let answer = answer?;
        let expected = "a timeout is logged every time: when the database has been back, and hangs again, once more";
        let found = format!("{answer}\nand not one more line of log");
        Err(question
            .failure(expected, found)
            .perhaps(match method {
                "HEAD" => "what HEAD is told is not logged, or what was logged once is remembered for as long as the process lives",
                _ => "what was logged once is remembered for as long as the process lives",
            }))
    }
}
