//! Where requests are counted: in one registry for all workers, which a scrape does not reset.

use std::{io, thread};

use super::{
    COUNTER, MetricsProbe, PATH,
    counter_delta::{CounterDelta, labels},
    listed, row,
};
use crate::{
    check::Failure,
    harness::{
        http::ANSWER_LIMIT,
        random::random_word,
        raw_http::{Connection, Reply},
    },
    tools::prometheus::exposition::{self, Scrape},
};

pub fn check_all(probe: &MetricsProbe) {
    let results = probe.results;
    results.check(row::KEEPS_WHAT_IT_COUNTED, || keeps(probe));
    results.check(row::SHARES_ONE_REGISTRY, || shares(probe));
}

/// Two scrapes in a row over one connection, so that the same worker answers both.
fn keeps(probe: &MetricsProbe) -> Result<(), Failure> {
    let path = format!("/readings/{}", random_word());
    let how = format!("curl -s http://127.0.0.1:8000{path} http://127.0.0.1:8000{PATH}");
    let failure = |found: String, perhaps: &str| {
        Failure::new(
            "the second of two scrapes finds what the first one found",
            found,
            probe.how_of(&how, COUNTER),
        )
        .perhaps(perhaps)
    };
    let both = || -> io::Result<Vec<Option<Scrape>>> {
        let mut connection = Connection::open(probe.address(), ANSWER_LIMIT)?;
        connection.ask("GET", &path, "")?;
        let mut scrape = || {
            let Reply { body, .. } = connection.ask("GET", PATH, "")?;
            io::Result::Ok(exposition::parse(&String::from_utf8_lossy(&body)).ok())
        };
        Ok(vec![scrape()?, scrape()?])
    };
    let both = both().map_err(|error| {
        failure(
            format!("no answer over a connection that stays open: {error}"),
            "the handler panicked: the log says where",
        )
    })?;
    let [Some(first), Some(second)] = &both[..] else {
        return Err(failure(
            "a scrape that cannot be read".to_owned(),
            "it is well-formed at first, and not any more once requests have been counted",
        ));
    };
    let delta = CounterDelta::between(first, second);
    let total = |scrape: &Scrape| scrape.sum(COUNTER, &[]);
    if delta.0.iter().all(|(_, by)| *by > 0.0) && total(second) >= total(first) {
        return Ok(());
    }
    let back = delta.0.iter().filter(|(_, by)| *by < 0.0);
    let gone = first.of(COUNTER).filter(|sample| {
        let series = sample.series();
        !second.of(COUNTER).any(|sample| sample.series() == series)
    });
    let lines = back
        .map(|(sample, by)| format!("{by:+} {}", labels(sample)))
        .chain(gone.map(|sample| format!("gone: {}", labels(sample))));
    Err(failure(
        format!("between the two:\n{}", listed(lines)),
        "a scrape resets the counters: two Prometheus servers would each get half of the numbers",
    ))
}

/// One request, and then scrapes over many connections, which lead to all the workers.
fn shares(probe: &MetricsProbe) -> Result<(), Failure> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let path = format!("/readings/{}", random_word());
    let before = probe.scrape()?.sum(COUNTER, &[("path", PATH)]);
    probe.status("GET", &path, "")?;
    let of_others = |scrape: &Scrape| {
        let scrapes = scrape.sum(COUNTER, &[("path", PATH)]);
        scrape.sum(COUNTER, &[]) - scrapes
    };
    // The first one waits until the request has been counted, wherever it was.
    let first =
        of_others(&probe.scrape_until(|scrape| scrape.sum(COUNTER, &[("path", PATH)]) > before)?);
    for _ in 0..2 * workers.max(4) {
        let now = of_others(&probe.scrape()?);
        if now != first {
            return Err(Failure::new(
                "every scrape shows the same numbers while nobody asks anything",
                format!("{first} so far in one scrape, {now} in another, and none between"),
                probe.launch.then(&format!(
                    "curl -s http://127.0.0.1:8000{path}\nfor i in 1 2 3 4 5 6 7 8; do curl -s http://127.0.0.1:8000/metrics | grep ^{COUNTER}; echo; done"
                )),
            )
            .perhaps("each worker thread has numbers of its own: made once for each, not shared"));
        }
    }
    Ok(())
}
