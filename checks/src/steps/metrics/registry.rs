//! Where it is counted: in one place for all workers, from which nobody takes anything away.

use std::{io, thread};

use super::{
    COUNTER, PATH, Watched, listed,
    moved::{Moved, labels},
};
use crate::{
    check::Failure,
    exposition::{self, Scrape},
    keep_alive::KeepAlive,
    program::ANSWER_LIMIT,
    steps::random_word,
};

pub fn verify(watched: &Watched) {
    let results = watched.results;
    results.check("metrics.keeps-what-it-counted", || keeps(watched));
    results.check("metrics.shares-one-registry", || shares(watched));
}

/// Two scrapes one after the other, over one connection: whoever answers is the same worker.
fn keeps(watched: &Watched) -> Result<(), Failure> {
    let path = format!("/readings/{}", random_word());
    let how = format!("curl -s http://127.0.0.1:8000{path} http://127.0.0.1:8000{PATH}");
    let failure = |found: String, perhaps: &str| Failure {
        expected: "the second of two scrapes finds what the first one found".to_owned(),
        found,
        how: watched.how_of(&how, COUNTER),
        perhaps: Some(perhaps.to_owned()),
    };
    let both = || -> io::Result<Vec<Option<Scrape>>> {
        let mut connection = KeepAlive::open(watched.address(), ANSWER_LIMIT)?;
        connection.ask("GET", &path, "")?;
        let mut scrape = || {
            let (_, body) = connection.ask("GET", PATH, "")?;
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
    let moved = Moved::between(first, second);
    let total = |scrape: &Scrape| scrape.sum(COUNTER, &[]);
    if moved.0.iter().all(|(_, by)| *by > 0.0) && total(second) >= total(first) {
        return Ok(());
    }
    let back = moved.0.iter().filter(|(_, by)| *by < 0.0);
    let gone = first.of(COUNTER).filter(|sample| {
        let series = sample.series();
        !second.of(COUNTER).any(|sample| sample.series() == series)
    });
    let lines = back
        .map(|(sample, by)| format!("{by:+} {}", labels(sample)))
        .chain(gone.map(|sample| format!("gone: {}", labels(sample))));
    Err(failure(
        format!("between the two:\n{}", listed(lines)),
        "whoever reads resets: then two Prometheus servers each get half of the numbers",
    ))
}

/// One request, and then scrapes over many connections, which lead to all the workers.
fn shares(watched: &Watched) -> Result<(), Failure> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let path = format!("/readings/{}", random_word());
    let before = watched.scrape()?.sum(COUNTER, &[("path", PATH)]);
    watched.status("GET", &path, "")?;
    let of_others = |scrape: &Scrape| {
        let scrapes = scrape.sum(COUNTER, &[("path", PATH)]);
        scrape.sum(COUNTER, &[]) - scrapes
    };
    // The first one waits until the request has been counted, wherever it was.
    let first =
        of_others(&watched.scrape_until(|scrape| scrape.sum(COUNTER, &[("path", PATH)]) > before)?);
    for _ in 0..2 * workers.max(4) {
        let now = of_others(&watched.scrape()?);
        if now != first {
            return Err(Failure {
                expected: "every scrape shows the same numbers while nobody asks anything".to_owned(),
                found: format!("{first} so far in one scrape, {now} in another, and none between"),
                how: watched.how_of(
                    &format!("curl -s http://127.0.0.1:8000{path}\nthis one several times, each over a new connection:"),
                    COUNTER,
                ),
                perhaps: Some(
                    "each worker thread has numbers of its own: made once for each, not shared"
                        .to_owned(),
                ),
            });
        }
    }
    Ok(())
}
