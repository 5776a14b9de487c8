//! What goes wrong: whether it is counted, was there as a zero before, and leaves `/metrics` itself alone.

use std::{io, path::Path, time::Duration};

use super::{COUNTER, PATH, Watched, counting::curl, url_of};
use crate::{
    check::Failure,
    exposition::Scrape,
    fake_postgres::{FakePostgres, State},
    program::Program,
    steps::random_word,
};

/// What may fail in this service, and how. Rules about a burst of errors see nothing where the first sight of a series is its
/// height.
const MAY_FAIL: [(&str, &str, &str); 5] = [
    ("GET", "/health/db", "503"),
    ("GET", "/readings/{sensor}", "500"),
    ("GET", "/readings/{sensor}", "503"),
    ("POST", "/readings", "500"),
    ("POST", "/readings", "503"),
];

/// What a learner sets to have it like this. Port 1: nobody is there.
const NO_DATABASE: &str = "DATABASE_URL=postgres://me@127.0.0.1:1/db ";
const NO_DATABASE_AND_DRILL: &str = "DATABASE_URL=postgres://me@127.0.0.1:1/db DRILL=1 ";

/// Longer than any answer takes that waits for nobody, shorter than any time limit of a database.
const SWIFT: Duration = Duration::from_millis(500);
const TRIES: usize = 3;

/// Whether `/metrics` is answered whatever the database does.
pub fn needs_no_database(before: &Watched, executable: &Path) -> io::Result<()> {
    let database = FakePostgres::start(State::Refusing)?;
    before.results.check("metrics.needs-no-database", || {
        let program = Program::start(executable, &url_of(&database))?;
        let watched = Watched {
            program: &program,
            settings: NO_DATABASE,
            ..*before
        };
        answers_swiftly(&watched, "is down")?;
        database.switch(State::Hanging);
        answers_swiftly(&watched, "hangs")
    });
    Ok(())
}

/// A program with fault routes, whose database is down from the start.
pub fn verify(before: &Watched, executable: &Path) -> io::Result<()> {
    let results = before.results;
    if !results.passed("metrics.labels-requests") {
        return Ok(());
    }
    let database = FakePostgres::start(State::Refusing)?;
    let started = Program::start_with(executable, &url_of(&database), &[("DRILL", "1")]);
    let program = match started {
        Ok(program) => program,
        Err(failure) => {
            results.check("metrics.begins-at-zero", || Err::<(), _>(failure));
            return Ok(());
        }
    };
    let watched = Watched {
        program: &program,
        ..*before
    };
    results.check("metrics.begins-at-zero", || begins_at_zero(&watched));
    results.check("metrics.counts-failures", || {
        counts_failures(&Watched {
            settings: NO_DATABASE_AND_DRILL,
            ..watched
        })
    });
    Ok(())
}

fn begins_at_zero(watched: &Watched) -> Result<(), Failure> {
    let scrape = watched.scrape()?;
    for (method, path, status) in MAY_FAIL {
        let labels = [("method", method), ("path", path), ("status", status)];
        let zero = |scrape: &Scrape| {
            let mut samples = scrape.of(COUNTER).filter(|sample| sample.has(&labels));
            samples.next().is_some_and(|sample| sample.value == 0.0)
        };
        if !zero(&scrape) {
            return Err(Failure {
                expected: format!(
                    "{COUNTER} is 0 from the start for method={method:?} path={path:?} status={status:?}"
                ),
                found: "there is no such series before the first error".to_owned(),
                how: watched.how_of("(and ask nothing else first)", COUNTER),
                perhaps: Some(
                    "a series that appears with 50 has not risen by 50, as far as rate() can tell"
                        .to_owned(),
                ),
            });
        }
    }
    Ok(())
}

/// The handler says 503; a middleware refuses; the handler panics.
fn counts_failures(watched: &Watched) -> Result<(), Failure> {
    let sensor = random_word();
    let reading = format!(r#"{{"sensor":"{sensor}","value":2.5}}"#);
    let of_sensor = format!("/readings/{sensor}");
    // What is sent before, to bring it about; then what fails, under which route, and how.
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
            watched.status("POST", prepare, "")?;
        }
        let before = watched.scrape()?;
        let status = watched.status(method, path, body)?.to_string();
        let labels: &[(&str, &str)] = &[("status", &status)];
        let moved = watched.moved_since(&before, |moved| moved.by(labels) > 0.0)?;
        if status.starts_with('5') && moved.by(labels) == 1.0 && moved.0.len() == 1 {
            continue;
        }
        let prepared = prepare
            .map(|path| curl("POST", path, "") + "\n")
            .unwrap_or_default();
        return Err(Failure {
            expected: format!(
                "{what}: {COUNTER} moves by 1 under path={route:?} status={status:?}"
            ),
            found: format!(
                "{method} {path} was answered {status}, and\n{}",
                moved.told()
            ),
            how: watched.how_of(&format!("{prepared}{}", curl(method, path, body)), COUNTER),
            perhaps: Some("what only counts what went well makes every ratio look well".to_owned()),
        });
    }
    Ok(())
}

/// Whoever waits for the database does so each time; a busy machine does not.
fn answers_swiftly(watched: &Watched, state: &str) -> Result<(), Failure> {
    let question = watched.question(PATH);
    let mut slow = Duration::ZERO;
    for _ in 0..TRIES {
        let answer = question.status(200, watched.program.get(PATH))?;
        if answer.took <= SWIFT {
            return Ok(());
        }
        slow = answer.took;
    }
    Err(Failure {
        perhaps: Some(
            "whoever collects numbers during an outage must not wait for its cause".to_owned(),
        ),
        ..question.failure(
            format!("{PATH} is answered at once, while the database {state}"),
            format!("{} ms for the answer", slow.as_millis()),
        )
    })
}
