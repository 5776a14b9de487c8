//! A scanner: thousands of requests, all different.

mod afterwards;
mod sending;
mod stranger;
mod tally;

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use super::{MetricsProbe, PATH, counter_delta::labels, listed, row, shown};
use crate::{
    check::Failure,
    harness::{
        program::Program,
        random::random_word,
        text::{printable, varying},
    },
    tools::prometheus::exposition::Scrape,
};
use sending::Request;
use tally::Tally;

/// The number of requests; after the first ones there is an early look at the series.
const REQUESTS: usize = 10_000;
const FIRST: usize = 400;

/// The number of new series allowed. Every usual combination has been requested before, so none is needed; a few may come from
/// another crate.
const MAY_COME: usize = 100;

/// The time limit for all of it on a slow machine: usually it takes two seconds.
const LIMIT: Duration = Duration::from_secs(60);

/// The time limit for the line about a panic to arrive.
const LAST_WORDS: Duration = Duration::from_millis(500);

const METHODS: [&str; 8] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE",
];
const ROUTES: [&str; 5] = ["/health", "/health/db", "/readings", "/readings/here", PATH];

pub fn check_all(before: &MetricsProbe) {
    before.results.check(row::STAYS_SMALL, || {
        // Ten thousand lines of the log do not concern this step.
        let launch = before.launch.clone().settings(&[("RUST_LOG", "warn")]);
        let program = Program::start(&launch)?;
        stays_small(&MetricsProbe {
            program: &program,
            launch: &launch,
            ..*before
        })
    });
}

fn stays_small(probe: &MetricsProbe) -> Result<(), Failure> {
    let give_up = Instant::now() + LIMIT;
    let mut sent = send(probe, METHODS.len() * (ROUTES.len() + 1), give_up, usual)?;
    let before = probe.scrape()?;
    for count in [FIRST, REQUESTS - FIRST] {
        sent.add(send(probe, count, give_up, stranger::request)?);
        let after = probe.scrape()?;
        if after.samples.len() > before.samples.len() + MAY_COME {
            return Err(grown(probe, count, &before, &after));
        }
    }
    // What is never counted, or under another name, has been said.
    let said = [row::NAMES_METHOD_AND_STATUS, row::COUNTS_PROBES];
    if !said.into_iter().all(|row| probe.results.passed(row)) {
        return Ok(());
    }
    tally::agrees(probe, &sent)?;
    afterwards::each_has_its_own(probe)
}

/// Every method to every route, and to none.
fn usual(number: usize) -> Request {
    let route = ROUTES.get(number / METHODS.len());
    Request {
        method: METHODS[number % METHODS.len()].to_owned(),
        path: route.map_or_else(
            || format!("/{}", random_word()),
            |route| (*route).to_owned(),
        ),
        headers: "Host: 127.0.0.1\r\n".to_owned(),
    }
}

fn send(
    probe: &MetricsProbe,
    count: usize,
    give_up: Instant,
    request: fn(usize) -> Request,
) -> Result<Tally, Failure> {
    let error = match sending::send(probe.address(), count, give_up, request) {
        Ok(tally) => return Ok(tally),
        Err(error) => error,
    };
    let panic = probe.program.log.wait_for("panicked", LAST_WORDS);
    Err(Failure::new(
        format!("each of {count} strange requests is answered, whatever it is"),
        match panic {
            Some(line) => format!("{}\nand its log says\n{}", shown(&error), printable(&line)),
            None => shown(&error),
        },
        probe.how_of(
            "curl -i -X W1 -H 'X-Request-Id: w2' -H 'Traceparent: w3' http://127.0.0.1:8000/w4?w5",
            "http",
        ),
    )
    .perhaps("an unwrap on something that a stranger chooses"))
}

fn grown(probe: &MetricsProbe, count: usize, before: &Scrape, after: &Scrape) -> Failure {
    let old: BTreeSet<String> = before.samples.iter().map(|it| it.series()).collect();
    // A histogram has many for each that the counter has.
    let new = after
        .samples
        .iter()
        .filter(|sample| !old.contains(&sample.series()) && !sample.labels.contains_key("le"));
    Failure::new(
        format!("{REQUESTS} strange requests add next to nothing to {PATH}"),
        format!(
            "after {count} there are {} series instead of {}, such as\n{}",
            varying("all", after.samples.len()),
            varying("few", before.samples.len()),
            listed(new.take(2).map(|it| format!("{} {}", it.name, labels(it))))
        ),
        probe.how_of(
            "curl -A w1 -H 'Host: w2' -H 'X-Request-Id: w3' http://127.0.0.1:8000/w4?w5",
            "http",
        ),
    )
    .perhaps("something that a stranger chooses ends up in a label, or in a name")
}
