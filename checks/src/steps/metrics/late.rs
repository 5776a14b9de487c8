//! An answer that is late: callers are promised one within 2 s, and this one takes longer.

use std::time::Duration;

use super::{HISTOGRAM, MetricsProbe, histogram::buckets};
use crate::{
    check::Failure,
    harness::{
        fake_postgres::{FakePostgres, State},
        http,
        program::Program,
        random::random_word,
        text::varying,
    },
    tools::prometheus::exposition::Scrape,
};

/// How long a handler of readings waits for the database, in seconds: what it says then is late.
const LATE: f64 = 2.0;

/// The time limit for that answer, on a busy laptop as well.
const LIMIT: Duration = Duration::from_secs(10);

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
    let url = program.url(&format!("/readings/{}", random_word()));
    let took = match http::send("GET", &url, &[], "", LIMIT) {
        Ok(answer) => answer.took.as_secs_f64(),
        // Other checks are about answers.
        Err(_) => return Ok(()),
    };
    let count = |scrape: &Scrape| scrape.sum(&format!("{HISTOGRAM}_count"), &LABELS);
    let scrape = probe.scrape_until(|scrape| count(scrape) > 0.0)?;
    let mut of_it = buckets(&scrape, &LABELS).into_iter();
    let within = of_it.find(|(bound, count)| *bound <= LATE && *count > 0.0);
    let Some((bound, count)) = within.filter(|_| took >= LATE) else {
        return Ok(());
    };
    let took = varying("more than 2", format!("{took:.2}"));
    Err(Failure::new(
        format!("an answer that took {took} s is in no bucket of {HISTOGRAM} up to 2 s"),
        format!("the bucket le=\"{bound}\" moved by {count}"),
        probe.how_of(
            "curl -i http://127.0.0.1:8000/readings/attic",
            &format!("{HISTOGRAM}_bucket"),
        ),
    )
    .perhaps("what is measured is cut off: what breaks the promise of 2 s looks like what kept it"))
}
