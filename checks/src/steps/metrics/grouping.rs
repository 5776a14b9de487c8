//! Whether what strangers choose stays out of the labels.

use super::{COUNTER, Watched, counting::curl, moved::Moved};
use crate::{check::Failure, steps::random_word};

/// How many different paths or methods are tried.
const TRIED: usize = 4;

/// What is no HTTP method to anybody.
const INVENTED: [&str; TRIED] = ["BREW", "FOO1", "get", "X-Y"];

pub fn verify(watched: &Watched) {
    let results = watched.results;
    results.check("metrics.names-the-route", || names_the_route(watched));
    results.check("metrics.groups-unmatched", || groups_unmatched(watched));
    results.check("metrics.bounds-methods", || bounds_methods(watched));
}

fn names_the_route(watched: &Watched) -> Result<(), Failure> {
    let paths: Vec<String> = (0..TRIED)
        .map(|_| format!("/readings/{}", random_word()))
        .collect();
    let moved = ask_all(watched, "GET", &paths)?;
    let of_the_route = moved.by(&[("path", "/readings/{sensor}")]);
    if of_the_route == TRIED as f64 && moved.0.len() == 1 {
        return Ok(());
    }
    Err(Failure {
        expected: format!(
            "asking for {TRIED} sensors moves one series by {TRIED}: path=\"/readings/{{sensor}}\""
        ),
        found: moved.told(),
        how: watched.how_of(&curl("GET", &paths[0], ""), COUNTER),
        perhaps: Some(match moved.0.len() {
            1 => "the requests to one route are found by the pattern that it was written with"
                .to_owned(),
            _ => "the address is in a label: each new sensor is then a series for ever".to_owned(),
        }),
    })
}

fn groups_unmatched(watched: &Watched) -> Result<(), Failure> {
    let paths = [
        format!("/%e2{}", random_word()),
        format!("/.git/{}", random_word()),
        format!("/health/{}", random_word()),
        format!("/{}/{}", random_word(), random_word()),
    ];
    let moved = ask_all(watched, "GET", &paths)?;
    if moved.0.len() == 1 && moved.by(&[]) == TRIED as f64 {
        return Ok(());
    }
    Err(Failure {
        expected: format!("{TRIED} paths that do not exist move one series, by {TRIED}"),
        found: moved.told(),
        how: watched.how_of(&curl("GET", &paths[1], ""), COUNTER),
        perhaps: Some(match moved.by(&[]) == TRIED as f64 {
            true => "strangers try many paths: each is a series that never goes away".to_owned(),
            false => "a 404 is a request like any other: it has to be counted".to_owned(),
        }),
    })
}

/// They may share a series, but none may have one of its own.
fn bounds_methods(watched: &Watched) -> Result<(), Failure> {
    let before = watched.scrape()?;
    for method in INVENTED {
        watched.status(method, "/health", "")?;
    }
    // Perhaps they are not counted at all, which is right, too: then nothing tells that all has been counted.
    let last = random_word();
    watched.status("GET", &format!("/readings/{last}"), "")?;
    let moved = watched.moved_since(&before, |moved| {
        moved.by(&[("path", "/readings/{sensor}")]) > 0.0
    })?;
    let invented = |method: &str| {
        INVENTED
            .iter()
            .any(|word| word.eq_ignore_ascii_case(method))
    };
    let own: Vec<_> = moved
        .0
        .into_iter()
        .filter(|(sample, _)| {
            sample.label("path") != "/readings/{sensor}" && invented(sample.label("method"))
        })
        .collect();
    if own.is_empty() {
        return Ok(());
    }
    Err(Failure {
        expected: format!("{} make no series of their own", INVENTED.join(", ")),
        found: Moved(own).told(),
        how: watched.how_of(&curl(INVENTED[0], "/health", ""), COUNTER),
        perhaps: Some(
            "HTTP lets a client invent methods, and what it invents ends up in the label"
                .to_owned(),
        ),
    })
}

/// Asks for each once, and says what has moved when all have been counted, or for good.
fn ask_all(watched: &Watched, method: &str, paths: &[String]) -> Result<Moved, Failure> {
    let before = watched.scrape()?;
    for path in paths {
        watched.status(method, path, "")?;
    }
    watched.moved_since(&before, |moved| moved.by(&[]) >= paths.len() as f64)
}
