//! Whether what clients choose stays out of the labels.

use super::{
    COUNTER, MetricsProbe,
    counter_delta::{CounterDelta, labels},
    counting::curl,
    invented, row,
};
use crate::{check::Failure, harness::random::random_word, tools::prometheus::exposition::Sample};

/// What browsers and crawlers ask for by themselves.
const BY_THEMSELVES: [&str; 3] = ["/", "/favicon.ico", "/robots.txt"];

/// The number of different paths or methods to try.
const TRIED: usize = 4;

pub fn check_all(probe: &MetricsProbe) {
    let results = probe.results;
    results.check(row::NAMES_THE_ROUTE, || names_the_route(probe));
    results.check(row::GROUPS_UNMATCHED, || groups_unmatched(probe));
    results.check(row::BOUNDS_METHODS, || invented::bounds_methods(probe));
}

fn names_the_route(probe: &MetricsProbe) -> Result<(), Failure> {
    let paths: Vec<String> = (0..TRIED)
        .map(|_| format!("/readings/{}", random_word()))
        .collect();
    let delta = ask_all(probe, "GET", &paths)?;
    let of_the_route = delta.by(&[("path", "/readings/{sensor}")]);
    if of_the_route == TRIED as f64 && delta.0.len() == 1 {
        names_it_however_written(probe)?;
        return knows_no_sensor(probe);
    }
    Err(Failure::new(
        format!(
            "asking for {TRIED} sensors moves one series by {TRIED}: path=\"/readings/{{sensor}}\""
        ),
        delta.told(),
        probe.how_of(&curl("GET", &paths[0], ""), COUNTER),
    )
    .perhaps(match delta.0.len() {
        1 => {
            "the requests to one route are found by the pattern that it was written with".to_owned()
        }
        _ => "the address is in a label: each new sensor is then a series for ever".to_owned(),
    }))
}

/// A sensor that has readings is in no label either, of whatever metric.
fn knows_no_sensor(probe: &MetricsProbe) -> Result<(), Failure> {
    let sensor = random_word();
    let (path, reading) = (
        format!("/readings/{sensor}"),
        format!(r#"{{"sensor":"{sensor}","value":1.5}}"#),
    );
    probe.status("POST", "/readings", &reading)?;
    probe.status("GET", &path, "")?;
    let scrape = probe.scrape()?;
    let names = |sample: &&Sample| sample.labels.values().any(|value| value.contains(&sensor));
    let Some(sample) = scrape.samples.iter().find(names) else {
        return Ok(());
    };
    Err(Failure::new(
        "the name of a sensor in no label",
        sample.series(),
        probe.how_of(
            &format!("{}\n{}", curl("POST", "/readings", &reading), curl("GET", &path, "")),
            &sample.name,
        ),
    )
    .perhaps("each new sensor is a series for ever: who wants to know about one sensor asks the database"))
}

/// The same route, for addresses that are written in unusual ways.
fn names_it_however_written(probe: &MetricsProbe) -> Result<(), Failure> {
    let word = random_word();
    let paths = [
        format!("/readings/{word}?limit={word}"),
        format!("/readings/{word}%20{word}"),
        format!("/readings/%ED%95%9C{word}"),
        format!("/readings/{}.json", word.to_uppercase()),
    ];
    for path in paths {
        let delta = ask_all(probe, "GET", std::slice::from_ref(&path))?;
        if delta.by(&[("path", "/readings/{sensor}")]) != 1.0 || delta.by(&[]) != 1.0 {
            return Err(Failure::new(
                "a sensor's address is counted under path=\"/readings/{sensor}\", however it is written",
                delta.told(),
                probe.how_of(&curl("GET", &path, ""), COUNTER),
            )
            .perhaps("the path is made from the address: actix-web knows which route it found"));
        }
    }
    Ok(())
}

fn groups_unmatched(probe: &MetricsProbe) -> Result<(), Failure> {
    let paths = [
        format!("/%e2{}", random_word()),
        format!("/.git/{}", random_word()),
        format!("/health/{}", random_word()),
        format!("/{}/{}", random_word(), random_word()),
    ];
    let delta = ask_all(probe, "GET", &paths)?;
    if let [(series, by)] = &delta.0[..]
        && *by == TRIED as f64
    {
        return groups_near_misses(probe, series);
    }
    Err(Failure::new(
        format!("{TRIED} paths that do not exist move one series, by {TRIED}"),
        delta.told(),
        probe.how_of(&curl("GET", &paths[1], ""), COUNTER),
    )
    .perhaps(if delta.by(&[]) == TRIED as f64 {
        "strangers try many paths: each is a series that never goes away".to_owned()
    } else {
        "a 404 is a request like any other: it has to be counted".to_owned()
    }))
}

/// Addresses that nearly are those of a route: they move the series of the unmatched as well.
fn groups_near_misses(probe: &MetricsProbe, unmatched: &Sample) -> Result<(), Failure> {
    let word = random_word();
    let paths = [
        format!("/readings/{word}/{word}"),
        format!("/readings/{word}/"),
        format!("/health/db/{word}"),
        format!("/metrics/{word}"),
        format!("/{word}.php"),
        "/health/".to_owned(),
        "/Health".to_owned(),
    ];
    for path in paths {
        let delta = ask_all(probe, "GET", std::slice::from_ref(&path))?;
        let same =
            |(sample, by): &(Sample, f64)| sample.series() == unmatched.series() && *by == 1.0;
        if delta.0.len() != 1 || !delta.0.iter().all(same) {
            return Err(Failure::new(
                format!(
                    "what no route matches moves one series: {}",
                    labels(unmatched)
                ),
                delta.told(),
                probe.how_of(&curl("GET", &path, ""), COUNTER),
            )
            .perhaps("the path is made from the address: actix-web knows that no route matched"));
        }
    }
    counts_what_browsers_ask_for(probe)
}

/// What nobody typed is counted, too, whether there is a route for it or not.
fn counts_what_browsers_ask_for(probe: &MetricsProbe) -> Result<(), Failure> {
    for path in BY_THEMSELVES {
        let delta = ask_all(probe, "GET", &[path.to_owned()])?;
        if delta.by(&[]) != 1.0 {
            return Err(Failure::new(
                format!("{COUNTER} moves by 1 with a request for {path}"),
                delta.told(),
                probe.how_of(&curl("GET", path, ""), COUNTER),
            )
            .perhaps("it is answered before it is counted: a query can leave it out, but nothing brings it back"));
        }
    }
    Ok(())
}

/// Requests each once, and returns the delta when all have been counted or the time is up.
fn ask_all(probe: &MetricsProbe, method: &str, paths: &[String]) -> Result<CounterDelta, Failure> {
    let before = probe.scrape()?;
    for path in paths {
        probe.status(method, path, "")?;
    }
    probe.delta_since(&before, |delta| delta.by(&[]) >= paths.len() as f64)
}
