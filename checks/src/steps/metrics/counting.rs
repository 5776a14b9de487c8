//! How many: whether the counter is there, and moves as it should.

use super::{COUNTER, PATH, Watched, form::names, listed, moved::labels, registry};
use crate::{check::Failure, exposition::Scrape, steps::random_word};

/// The labels that every request has.
const LABELS: [&str; 3] = ["method", "path", "status"];

/// How often a reading is sent, asked for, and asked for in vain.
const BY_TURNS: usize = 5;

pub fn verify(watched: &Watched) {
    let results = watched.results;
    results.check("metrics.has-a-counter", || has_a_counter(watched));
    results.check("metrics.labels-requests", || labels_requests(watched));
    registry::verify(watched);
    results.check("metrics.counts-each-request", || counts_each(watched));
    results.check("metrics.names-method-and-status", || {
        names_method_and_status(watched)
    });
    results.check("metrics.counts-probes", || counts_probes(watched));
}

fn has_a_counter(watched: &Watched) -> Result<(), Failure> {
    watched.status("GET", "/health", "")?;
    let there = |scrape: &Scrape| scrape.of(COUNTER).next().is_some();
    let scrape = watched.scrape_until(there)?;
    // OpenMetrics declares a counter without its `_total`.
    let kind = scrape.kind(COUNTER).or(scrape.kind("http_requests"));
    if there(&scrape) && kind == Some("counter") {
        return Ok(());
    }
    let (found, perhaps) = match (there(&scrape), kind) {
        (false, _) => (names(&scrape), likely_name(&scrape)),
        (true, None) => (
            "samples, and no # TYPE before them".to_owned(),
            Some("without a type Prometheus does not know what it may do with them".to_owned()),
        ),
        (true, Some(kind)) => (
            format!("# TYPE {COUNTER} {kind}"),
            Some(
                "what only ever goes up is a counter: of a gauge, rate() means nothing".to_owned(),
            ),
        ),
    };
    Err(Failure {
        expected: format!("# TYPE {COUNTER} counter, and samples of it"),
        found,
        how: watched.how("curl -i http://127.0.0.1:8000/health", " | grep '^# TYPE'"),
        perhaps,
    })
}

fn likely_name(scrape: &Scrape) -> Option<String> {
    let other = scrape
        .families
        .keys()
        .find(|name| name.contains("requests") && !name.contains("duration") && *name != COUNTER)?;
    Some(match other.strip_suffix(COUNTER) {
        Some(_) => format!("{other} has a namespace before its name"),
        None => format!("{other} is another name: dashboards and rules look for this one"),
    })
}

fn labels_requests(watched: &Watched) -> Result<(), Failure> {
    let scrape = watched.scrape()?;
    for sample in scrape.of(COUNTER) {
        let missing = LABELS.iter().find(|name| sample.label(name).is_empty());
        if let Some(missing) = missing {
            return Err(Failure {
                expected: format!("{COUNTER}{{method=\"…\",path=\"…\",status=\"…\"}}"),
                found: format!("{COUNTER} with {}", labels(sample)),
                how: watched.how_of("curl -i http://127.0.0.1:8000/health", COUNTER),
                perhaps: Some(match sample.labels.get("endpoint") {
                    Some(_) if *missing == "path" => {
                        "`endpoint` is what actix-web-prom calls it by default".to_owned()
                    }
                    _ => format!("the label {missing} is missing, or has no value"),
                }),
            });
        }
    }
    Ok(())
}

fn counts_each(watched: &Watched) -> Result<(), Failure> {
    let sensor = random_word();
    let reading = format!(r#"{{"sensor":"{sensor}","value":1.5}}"#);
    let path = format!("/readings/{sensor}");
    let nothing = format!("/readings/{}", random_word());
    let before = watched.scrape()?;
    for _ in 0..BY_TURNS {
        watched.status("POST", "/readings", &reading)?;
        watched.status("GET", &path, "")?;
        watched.status("GET", &nothing, "")?;
    }
    let sent = 3 * BY_TURNS;
    let moved = watched.moved_since(&before, |moved| moved.by(&[]) >= sent as f64)?;
    let by = moved.by(&[]);
    if by == sent as f64 {
        return Ok(());
    }
    Err(Failure {
        expected: format!("{COUNTER} moves by {sent} with {sent} requests to the readings"),
        found: moved.told(),
        how: watched.how_of(&format!("curl -s http://127.0.0.1:8000{path}"), COUNTER),
        perhaps: Some(if by > sent as f64 {
            "it is counted in two places, or a middleware is wrapped twice".to_owned()
        } else if by > 0.0 {
            "some way out of the handler passes by what counts".to_owned()
        } else {
            likely_name(&watched.scrape()?).unwrap_or("nothing counts into this one".to_owned())
        }),
    })
}

fn names_method_and_status(watched: &Watched) -> Result<(), Failure> {
    let reading = format!("/readings/{}", random_word());
    let cases = [
        ("GET", reading.as_str(), ""),
        ("POST", "/readings", "{}"),
        ("PUT", "/readings", "{}"),
    ];
    for (method, path, body) in cases {
        let before = watched.scrape()?;
        let status = watched.status(method, path, body)?.to_string();
        let wanted: &[(&str, &str)] = &[("method", method), ("status", &status)];
        let moved = watched.moved_since(&before, |moved| moved.by(wanted) == 1.0)?;
        if moved.by(wanted) != 1.0 {
            return Err(Failure {
                expected: format!("{COUNTER} moves by 1 under method={method:?} status={status:?}"),
                found: moved.told(),
                how: watched.how_of(&curl(method, path, body), COUNTER),
                perhaps: Some(
                    "method as it is on the wire, status as the number that the client is told"
                        .to_owned(),
                ),
            });
        }
    }
    Ok(())
}

/// What probes ask is counted as well, and so is the scrape itself.
fn counts_probes(watched: &Watched) -> Result<(), Failure> {
    for path in ["/health", "/health/db", PATH] {
        let labels: &[(&str, &str)] = &[("path", path)];
        let before = watched.scrape()?.sum(COUNTER, labels);
        watched.status("GET", path, "")?;
        let after = watched.scrape_until(|scrape| scrape.sum(COUNTER, labels) > before)?;
        if after.sum(COUNTER, labels) <= before {
            return Err(Failure {
                expected: format!("{COUNTER} moves by 1 under path={path:?}"),
                found: format!(
                    "no series with that path has moved; the paths that are counted:\n{}",
                    paths(&after)
                ),
                how: watched.how_of(&curl("GET", path, ""), COUNTER),
                perhaps: Some(
                    "excluded here: a query can leave it out later, and cannot bring it back"
                        .to_owned(),
                ),
            });
        }
    }
    Ok(())
}

fn paths(scrape: &Scrape) -> String {
    let mut paths: Vec<&str> = scrape
        .of(COUNTER)
        .map(|sample| sample.label("path"))
        .collect();
    paths.sort_unstable();
    paths.dedup();
    listed(paths.into_iter().map(str::to_owned))
}

/// How a learner sends the same.
pub fn curl(method: &str, path: &str, body: &str) -> String {
    let url = format!("http://127.0.0.1:8000{path}");
    match (method, body) {
        ("HEAD", _) => format!("curl --head {url}"),
        ("GET", _) => format!("curl -i {url}"),
        (_, "") => format!("curl -i -X {method} {url}"),
        _ => format!("curl -i {url} --json '{body}'"),
    }
}
