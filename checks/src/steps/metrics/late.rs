//! An answer that is late: callers are promised one within 2 s, and this one takes longer.

use std::{thread, time::Duration};

use super::{HISTOGRAM, MetricsProbe, histogram::buckets};
use crate::{
    check::Failure,
    harness::{
        fake_postgres::{FakePostgres, State},
        http, poll,
        program::Program,
        random::random_word,
        text::varying,
        threads::joined,
    },
    tools::prometheus::exposition::Scrape,
};

/// How long a handler of readings waits for the database, in seconds: what it says then is late.
const LATE: f64 = 2.0;

/// A watch that is cut off shows at least the time that the database is given, in seconds.
const CUT_OFF: f64 = 1.0;

/// The number of other requests at a time, and the pause between them: within two seconds each worker gets some.
const AT_ONCE: usize = 8;
const PACE: Duration = Duration::from_millis(100);

/// The time limit for that answer, on a busy laptop as well.
const LIMIT: Duration = Duration::from_secs(10);

/// The command that shows it, and that where other requests matter.
const ALONE: &str = "curl -i http://127.0.0.1:8000/readings/attic";
const BESIDE_OTHERS: &str = "for i in $(seq 15); do curl -s -o /dev/null http://127.0.0.1:8000/health; sleep 0.1; done & curl -i http://127.0.0.1:8000/readings/attic";

const LABELS: [(&str, &str); 1] = [("path", "/readings/{sensor}")];

/// A reading is asked for while a lock keeps it waiting: how long it took is in no bucket up to 2 s. Run it beside other checks,
/// for it takes as long as that.
pub fn is_measured(before: &MetricsProbe, database: &FakePostgres) -> Result<(), Failure> {
    let launch = before
        .launch
        .clone()
        .database(database.random_url(), State::Locked);
    let program = Program::start(&launch)?;
    let probe = MetricsProbe {
        program: &program,
        launch: &launch,
        ..*before
    };
    let Some(took) = beside_others(&program) else {
        // Other checks are about answers.
        return Ok(());
    };
    let count = |scrape: &Scrape| scrape.sum(&format!("{HISTOGRAM}_count"), &LABELS);
    let scrape = probe.scrape_until(|scrape| count(scrape) > 0.0)?;
    let mut of_it = buckets(&scrape, &LABELS).into_iter();
    let within = of_it.find(|(bound, count)| *bound <= LATE && *count > 0.0);
    let Some((bound, count)) = within.filter(|_| took >= LATE) else {
        return Ok(());
    };
    let took = varying("more than 2", format!("{took:.2}"));
    let was_restarted = bound < CUT_OFF;
    let bound = if was_restarted {
        varying("less", bound).to_string()
    } else {
        bound.to_string()
    };
    Err(Failure::new(
        format!("an answer that took {took} s is in no bucket of {HISTOGRAM} up to 2 s"),
        format!("the bucket le=\"{bound}\" moved by {count}"),
        probe.how_of(
            if was_restarted { BESIDE_OTHERS } else { ALONE },
            &format!("{HISTOGRAM}_bucket"),
        ),
    )
    .perhaps(if was_restarted {
        "a request that began meanwhile has started its watch again: each request needs a watch of its own"
    } else {
        "what is measured is cut off: what breaks the promise of 2 s looks like what kept it"
    }))
}

/// How long the answer took, in seconds, while others were answered at once by the same workers.
fn beside_others(program: &Program) -> Option<f64> {
    let url = program.url(&format!("/readings/{}", random_word()));
    thread::scope(|scope| {
        let late = scope.spawn(|| http::send("GET", &url, &[], "", LIMIT));
        poll::is_done(LIMIT, PACE, || {
            let _ = program.get_at_once("/health", AT_ONCE);
            late.is_finished()
        });
        let answer = joined(late);
        answer.ok().map(|answer| answer.took.as_secs_f64())
    })
}
