//! Whether the counter exists, and counts correctly.

use super::{
    COUNTER, MetricsProbe, counter_delta::labels, exposition_format::names, probes, registry, row,
};
use crate::{check::Failure, harness::random::random_word, tools::prometheus::exposition::Scrape};

/// The labels that every request has.
const LABELS: [&str; 3] = ["method", "path", "status"];

/// The number of rounds: in each a reading is sent, one is requested, and one that does not exist.
const BY_TURNS: usize = 5;

pub fn check_all(probe: &MetricsProbe) {
    let results = probe.results;
    results.check(row::HAS_A_COUNTER, || has_a_counter(probe));
    results.check(row::LABELS_REQUESTS, || labels_requests(probe));
    registry::check_all(probe);
    results.check(row::COUNTS_EACH_REQUEST, || counts_each(probe));
    results.check(row::NAMES_METHOD_AND_STATUS, || {
        names_method_and_status(probe)
    });
    results.check(row::COUNTS_PROBES, || probes::are_counted(probe));
}

fn has_a_counter(probe: &MetricsProbe) -> Result<(), Failure> {
    probe.status("GET", "/health", "")?;
    let there = |scrape: &Scrape| scrape.of(COUNTER).next().is_some();
    let scrape = probe.scrape_until(there)?;
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
    Err(Failure::new(
        format!("# TYPE {COUNTER} counter, and samples of it"),
        found,
        probe.how("curl -i http://127.0.0.1:8000/health", " | grep '^# TYPE'"),
    )
    .perhaps_if(perhaps))
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

fn labels_requests(probe: &MetricsProbe) -> Result<(), Failure> {
    let scrape = probe.scrape()?;
    for sample in scrape.of(COUNTER) {
        let missing = LABELS.iter().find(|name| sample.label(name).is_empty());
        if let Some(missing) = missing {
            return Err(Failure::new(
                format!("{COUNTER}{{method=\"…\",path=\"…\",status=\"…\"}}"),
                format!("{COUNTER} with {}", labels(sample)),
                probe.how_of("curl -i http://127.0.0.1:8000/health", COUNTER),
            )
            .perhaps(match sample.labels.get("endpoint") {
                Some(_) if *missing == "path" => {
                    "`endpoint` is what actix-web-prom calls it by default".to_owned()
                }
                _ => format!("the label {missing} is missing, or has no value"),
            }));
        }
    }
    Ok(())
}

fn counts_each(probe: &MetricsProbe) -> Result<(), Failure> {
    let sensor = random_word();
    let reading = format!(r#"{{"sensor":"{sensor}","value":1.5}}"#);
    let path = format!("/readings/{sensor}");
    let nothing = format!("/readings/{}", random_word());
    let before = probe.scrape()?;
    for _ in 0..BY_TURNS {
        probe.status("POST", "/readings", &reading)?;
        probe.status("GET", &path, "")?;
        probe.status("GET", &nothing, "")?;
    }
    let sent = 3 * BY_TURNS;
    let delta = probe.delta_since(&before, |delta| delta.by(&[]) >= sent as f64)?;
    let by = delta.by(&[]);
    if by == sent as f64 {
        return Ok(());
    }
    Err(Failure::new(
        format!("{COUNTER} moves by {sent} with {sent} requests to the readings"),
        delta.told(),
        probe.how_of(&format!("curl -s http://127.0.0.1:8000{path}"), COUNTER),
    )
    .perhaps(if by > sent as f64 {
        "it is counted in two places, or a middleware is wrapped twice".to_owned()
    } else if by > 0.0 {
        "some way out of the handler passes by what counts".to_owned()
    } else {
        likely_name(&probe.scrape()?).unwrap_or("nothing counts into this one".to_owned())
    }))
}

fn names_method_and_status(probe: &MetricsProbe) -> Result<(), Failure> {
    let reading = format!("/readings/{}", random_word());
    let cases = [
        ("GET", reading.as_str(), ""),
        ("POST", "/readings", "{}"),
        ("PUT", "/readings", "{}"),
        ("HEAD", reading.as_str(), ""),
        ("DELETE", reading.as_str(), ""),
        ("PATCH", "/readings", ""),
        ("OPTIONS", reading.as_str(), ""),
    ];
    for (method, path, body) in cases {
        let before = probe.scrape()?;
        let status = probe.status(method, path, body)?.to_string();
        let wanted: &[(&str, &str)] = &[("method", method), ("status", &status)];
        let delta = probe.delta_since(&before, |delta| delta.by(wanted) == 1.0)?;
        if delta.by(wanted) != 1.0 || delta.by(&[]) != 1.0 {
            return Err(Failure::new(
                format!("{COUNTER} moves by 1 under method={method:?} status={status:?}"),
                delta.told(),
                probe.how_of(&curl(method, path, body), COUNTER),
            )
            .perhaps("method as it is on the wire, status as the number that the client is told"));
        }
    }
    Ok(())
}

/// The learner's command for the same request.
pub fn curl(method: &str, path: &str, body: &str) -> String {
    let url = format!("http://127.0.0.1:8000{path}");
    match (method, body) {
        ("HEAD", _) => format!("curl --head {url}"),
        ("GET", _) => format!("curl -i {url}"),
        (_, "") => format!("curl -i -X {method} {url}"),
        _ => format!("curl -i {url} -H 'Content-Type: application/json' -d '{body}'"),
    }
}
