//! A stranger with a scanner: thousands of requests, none like another.

mod sending;

use std::{
    collections::BTreeSet,
    path::Path,
    time::{Duration, Instant},
};

use super::{DATABASE, PATH, Watched, listed, moved::labels, shown};
use crate::{
    check::Failure, exposition::Scrape, http::printable, program::Program, steps::random_word,
};
use sending::Request;

/// How many requests; after the first ones it is looked whether it goes well.
const REQUESTS: usize = 10_000;
const FIRST: usize = 400;

/// How many series may come anew. Every usual combination has been asked for before, so none has to; a few may be another
/// crate's own affair.
const MAY_COME: usize = 100;

/// How long all of it may take, on a slow machine: two seconds is usual.
const LIMIT: Duration = Duration::from_secs(60);

/// How long the line about a panic may be under way.
const LAST_WORDS: Duration = Duration::from_millis(500);

const METHODS: [&str; 8] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE",
];
const ROUTES: [&str; 5] = ["/health", "/health/db", "/readings", "/readings/here", PATH];

pub fn verify(before: &Watched, executable: &Path) {
    before.results.check("metrics.stays-small", || {
        // Ten thousand lines of log are another step's affair.
        let program = Program::start_with(executable, DATABASE, &[("RUST_LOG", "warn")])?;
        stays_small(&Watched {
            program: &program,
            ..*before
        })
    });
}

fn stays_small(watched: &Watched) -> Result<(), Failure> {
    let give_up = Instant::now() + LIMIT;
    send(watched, METHODS.len() * (ROUTES.len() + 1), give_up, usual)?;
    let before = watched.scrape()?;
    for count in [FIRST, REQUESTS - FIRST] {
        send(watched, count, give_up, strange)?;
        let after = watched.scrape()?;
        if after.samples.len() > before.samples.len() + MAY_COME {
            return Err(grown(watched, count, &before, &after));
        }
    }
    Ok(())
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
        headers: String::new(),
    }
}

/// No method, path, query or header of it was ever there before, but some are nearly usual.
fn strange(number: usize) -> Request {
    let word = random_word();
    Request {
        method: match number % 4 {
            0 => word.clone(),
            1 => format!("GET-{word}"),
            _ => METHODS[number / 4 % METHODS.len()].to_owned(),
        },
        path: match number % 7 {
            0 => format!("/{word}"),
            1 => format!("/{word}/../%2e%2e/{}.php?{word}={word}", random_word()),
            2 => format!("/readings/{word}"),
            3 => format!("/health?{word}"),
            4 => format!("/health/{word}"),
            5 => format!("//{word}//"),
            _ => format!("{PATH}/{word}?name[]={word}"),
        },
        headers: format!(
            "User-Agent: {word}\r\nReferer: http://{word}.example/\r\nX-Request-Id: {word}\r\nX-Forwarded-For: 2001:db8::{}\r\nAccept-Language: {word}\r\n",
            &word[1..5]
        ),
    }
}

fn send(
    watched: &Watched,
    count: usize,
    give_up: Instant,
    request: fn(usize) -> Request,
) -> Result<(), Failure> {
    let address = watched.address();
    let Some(trouble) = sending::send(address, count, give_up, request) else {
        return Ok(());
    };
    let panic = watched.program.log.wait_for("panicked", LAST_WORDS);
    Err(Failure {
        expected: format!("each of {count} strange requests is answered, whatever it is"),
        found: match panic {
            Some(line) => format!(
                "{}\nand its log says\n{}",
                shown(&trouble),
                printable(&line)
            ),
            None => shown(&trouble),
        },
        how: watched.how_of(
            "curl -i -X W1 -H 'X-Request-Id: w2' http://127.0.0.1:8000/w3?w4",
            "http",
        ),
        perhaps: Some("an unwrap on something that a stranger chooses".to_owned()),
    })
}

fn grown(watched: &Watched, count: usize, before: &Scrape, after: &Scrape) -> Failure {
    let old: BTreeSet<String> = before.samples.iter().map(|it| it.series()).collect();
    // A histogram has many for each that the counter has.
    let new = after
        .samples
        .iter()
        .filter(|sample| !old.contains(&sample.series()) && !sample.labels.contains_key("le"));
    Failure {
        expected: format!("{REQUESTS} strange requests add next to nothing to {PATH}"),
        found: format!(
            "after {count} there are {} series instead of {}, such as\n{}",
            after.samples.len(),
            before.samples.len(),
            listed(new.take(2).map(|it| format!("{} {}", it.name, labels(it))))
        ),
        how: watched.how_of(
            "curl -A w1 -H 'X-Request-Id: w2' http://127.0.0.1:8000/w3?w4",
            "http",
        ),
        perhaps: Some(
            "something that a stranger chooses ends up in a label, or in a name".to_owned(),
        ),
    }
}
