//! Durations: whether the histogram exists and is correct.

use std::{io, ops::RangeInclusive, thread::ScopedJoinHandle};

use super::{HISTOGRAM, MetricsProbe, agreement, counting::curl, histogram, row};
use crate::{
    check::Failure,
    harness::{
        fake_postgres::{FakePostgres, State},
        program::Program,
        text::varying,
        threads::joined,
    },
    tools::prometheus::exposition::Scrape,
};

/// A bound at or below this separates probes from requests that do some work, in seconds.
const SMALL: f64 = 0.005;

/// The result of [`late::is_measured`](super::late::is_measured).
type Late = Result<(), Failure>;

/// The service's timeout for the database, in seconds.
const GIVEN_UP: f64 = 1.0;

/// A bound here separates answers without a database that was given up from faster ones, in seconds.
const AT_THE_TIMEOUT: RangeInclusive<f64> = 0.75..=1.4;

/// A bound here shows what is later than what callers of this service are promised, in seconds: an answer within 2.
const AT_THE_PROMISE: RangeInclusive<f64> = 1.5..=2.0;

/// `late`: how a late answer was measured, meanwhile.
pub fn check_all(probe: &MetricsProbe, late: ScopedJoinHandle<Late>) -> io::Result<()> {
    let results = probe.results;
    let scrape = results.check(row::HAS_A_HISTOGRAM, || histogram::is_there(probe));
    let Some(scrape) = scrape else {
        return Ok(());
    };
    results.check(row::AGREES_WITH_ITSELF, || agreement::holds(probe));
    let database = FakePostgres::start(State::Up)?;
    results.check(row::MEASURES_SECONDS, || {
        let launch = probe
            .launch
            .clone()
            .database(database.random_url(), State::Hanging);
        let program = Program::start(&launch)?;
        let probe = MetricsProbe {
            program: &program,
            launch: &launch,
            ..*probe
        };
        // A connection is open from now on: it takes the question that will never be answered.
        histogram::measures_fractions(&probe)?;
        database.switch(State::Hanging);
        measures_seconds(&probe)?;
        joined(late)
    });
    results.check(row::BOUNDS_WHAT_MATTERS, || {
        bounds_what_matters(probe, &scrape)
    });
    Ok(())
}

/// `/health/db` while the database hangs. The duration is compared with the client's own clock.
fn measures_seconds(probe: &MetricsProbe) -> Result<(), Failure> {
    let labels = [("path", "/health/db")];
    let figures = |scrape: &Scrape| {
        let sum = scrape.sum(&format!("{HISTOGRAM}_sum"), &labels);
        (
            sum,
            scrape.sum(&format!("{HISTOGRAM}_count"), &labels),
            histogram::buckets(scrape, &labels),
        )
    };
    let before = figures(&probe.scrape()?);
    let answer = probe
        .question("/health/db")
        .status(503, probe.send("GET", "/health/db", ""))?;
    let took = answer.took.as_secs_f64();
    let after = figures(&probe.scrape_until(|scrape| figures(scrape).1 > before.1)?);
    // The service's clock starts later and stops earlier: by a moment, or more on a busy machine.
    let least = took.min(GIVEN_UP) / 2.0;
    let sum = after.0 - before.0;
    let how = probe.how_of(
        "curl -i http://127.0.0.1:8000/health/db",
        &format!("{HISTOGRAM}_sum"),
    );
    let failure = |expected: String, found: String, perhaps: &str| {
        Failure::new(expected, found, how.clone()).perhaps(perhaps)
    };
    if !(least..took * 1.5).contains(&sum) {
        return Err(failure(
            format!(
                "an answer that took {} s adds as much to {HISTOGRAM}_sum",
                varying("about 1", format!("{took:.1}"))
            ),
            format!("it added {}", varying("seconds", sum)),
            if sum > took {
                "that is another unit: Prometheus' base unit of time is the second"
            } else {
                "the watch is stopped before the answer is there"
            },
        ));
    }
    // The bucket that it fell into: smaller ones do not have it, larger ones do.
    for (bound, count) in &after.2 {
        let old = before.2.iter().find(|(other, _)| other == bound);
        let by = count - old.map_or(0.0, |(_, old)| *old);
        let wrong = *bound < least && by > 0.0 || *bound > took && by != 1.0;
        if wrong {
            return Err(failure(
                format!("an answer that took {took:.1} s is in the buckets from that bound on"),
                format!("the bucket le=\"{bound}\" moved by {by}"),
                "the bounds are in another unit than what is put into them",
            ));
        }
    }
    Ok(())
}

fn bounds_what_matters(probe: &MetricsProbe, scrape: &Scrape) -> Result<(), Failure> {
    let bounds = histogram::buckets(scrape, &[])
        .into_iter()
        .map(|(bound, _)| bound);
    let bounds: Vec<f64> = bounds.collect();
    let finite = || bounds.iter().copied().filter(|bound| bound.is_finite());
    let smallest = finite().fold(f64::INFINITY, f64::min);
    let largest = finite().fold(0.0, f64::max);
    let perhaps = if smallest >= 1.0 && largest >= 100.0 {
        "these look like milliseconds: `le` is in seconds, so five milliseconds are 0.005"
    } else if smallest > SMALL {
        "nearly every answer takes less than 0.005 s: all of them are in one bucket"
    } else if !finite().any(|bound| AT_THE_PROMISE.contains(&bound)) {
        "callers are promised an answer within 2 s: what breaks the promise is in one bucket with what kept it"
    } else if !finite().any(|bound| AT_THE_TIMEOUT.contains(&bound)) {
        "the database is given 1 s: answers without it are in one bucket with faster ones"
    } else {
        return Ok(());
    };
    let told: Vec<String> = finite().map(|bound| bound.to_string()).collect();
    Err(Failure::new(
        "a bound at 0.005 or below, one at 1, and one at 2",
        format!("le: {}, +Inf", told.join(", ")),
        probe.how_of(&curl("GET", "/health", ""), &format!("{HISTOGRAM}_bucket")),
    )
    .perhaps(perhaps))
}
