//! Failures: whether they are counted, and start at zero.

use std::io;

use super::{COUNTER, MetricsProbe, counting::curl, row};
use crate::{
    check::Failure,
    harness::{
        fake_postgres::{FakePostgres, State},
        program::Program,
        random::random_word,
    },
    tools::prometheus::exposition::Scrape,
};

/// What may fail in this service, and how. Prometheus sees no increase where a series first appears at its full height.
const MAY_FAIL: [(&str, &str, &str); 5] = [
    ("GET", "/health/db", "503"),
    ("GET", "/readings/{sensor}", "500"),
    ("GET", "/readings/{sensor}", "503"),
    ("POST", "/readings", "500"),
    ("POST", "/readings", "503"),
];

/// A program with fault routes, whose database is down from the start.
pub fn check_all(before: &MetricsProbe) -> io::Result<()> {
    let results = before.results;
    if !results.passed(row::LABELS_REQUESTS) {
        return Ok(());
    }
    let database = FakePostgres::start(State::Refusing)?;
    let launch = before
        .launch
        .clone()
        .database(database.random_url(), State::Refusing)
        .settings(&[("DRILL", "1")]);
    let program = match Program::start(&launch) {
        Ok(program) => program,
        Err(failure) => {
            results.check(row::BEGINS_AT_ZERO, || Err::<(), _>(failure));
            return Ok(());
        }
    };
    let probe = MetricsProbe {
        program: &program,
        launch: &launch,
        ..*before
    };
    results.check(row::BEGINS_AT_ZERO, || begins_at_zero(&probe));
    results.check(row::COUNTS_FAILURES, || counts_failures(&probe));
    Ok(())
}

fn begins_at_zero(probe: &MetricsProbe) -> Result<(), Failure> {
    let scrape = probe.scrape()?;
    for (method, path, status) in MAY_FAIL {
        let labels = [("method", method), ("path", path), ("status", status)];
        let zero = |scrape: &Scrape| {
            let mut samples = scrape.of(COUNTER).filter(|sample| sample.has(&labels));
            samples.next().is_some_and(|sample| sample.value == 0.0)
        };
        if !zero(&scrape) {
            let expected = format!(
                "{COUNTER} is 0 from the start for method={method:?} path={path:?} status={status:?}"
            );
            return Err(Failure::new(
                expected,
                "there is no such series before the first error",
                probe.how_of("(and ask nothing else first)", COUNTER),
            )
            .perhaps(
                "a series that appears with 50 has not risen by 50, as far as rate() can tell",
            ));
        }
    }
    Ok(())
}

/// The handler answers 503; a middleware rejects; the handler panics.
fn counts_failures(probe: &MetricsProbe) -> Result<(), Failure> {
    let sensor = random_word();
    let reading = format!(r#"{{"sensor":"{sensor}","value":2.5}}"#);
    let of_sensor = format!("/readings/{sensor}");
    // The request that prepares the failure, if any; the one that fails; its route; and what happens.
    let cases = [
        (
            None,
            ("POST", "/readings", reading.as_str()),
            "/readings",
            "a handler that says 503",
        ),
        (
            Some("/drill/errors?ratio=1"),
            ("GET", of_sensor.as_str(), ""),
            "/readings/{sensor}",
            "a middleware that refuses",
        ),
        (
            None,
            ("POST", "/drill/panic", ""),
            "/drill/panic",
            "a handler that panics",
        ),
    ];
    for (prepare, (method, path, body), route, what) in cases {
        if let Some(prepare) = prepare {
            probe.status("POST", prepare, "")?;
        }
        let before = probe.scrape()?;
        let status = probe.status(method, path, body)?.to_string();
        let labels: &[(&str, &str)] = &[("status", &status), ("path", route)];
        // An address in place of the route is said elsewhere, unless only failures have it.
        let named = probe.results.passed(row::NAMES_THE_ROUTE);
        let labels = if named { labels } else { &labels[..1] };
        let delta = probe.delta_since(&before, |delta| delta.by(labels) > 0.0)?;
        if status.starts_with('5') && delta.by(labels) == 1.0 && delta.0.len() == 1 {
            continue;
        }
        let prepared = prepare
            .map(|path| curl("POST", path, "") + "\n")
            .unwrap_or_default();
        return Err(Failure::new(
            format!("{what}: {COUNTER} moves by 1 under path={route:?} status={status:?}"),
            format!(
                "{method} {path} was answered {status}, and\n{}",
                delta.told()
            ),
            probe.how_of(&format!("{prepared}{}", curl(method, path, body)), COUNTER),
        )
        .perhaps("what only counts what went well makes every ratio look well"));
    }
    Ok(())
}
