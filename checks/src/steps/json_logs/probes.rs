//! Probes are logged, but only on request; what looks like a probe is not one.

use super::{
    event::Event,
    row,
    service::{ARRIVAL, RunningService, curl},
};
use crate::{
    check::Failure,
    harness::{fake_postgres::State, random::random_word},
};

const PROBES: [&str; 3] = ["/health", "/health/db", "/metrics"];

/// A probe may ask with the first two. The path decides, whatever the method: nobody wants to read of a wrong one every 30 s, either.
const METHODS: [&str; 3] = ["GET", "HEAD", "POST"];

/// Checks `service`, whose database answers and which logs INFO, and two other programs.
pub fn check_all(service: &RunningService) {
    let context = service.context;
    context.results.check(row::QUIETS_PROBES, || {
        are_quiet(service)?;
        if service.passed(row::SAYS_WHICH_REQUEST) {
            others_are_not(service)?;
        }
        are_there_at_debug(service)?;
        let refusing = context.launch();
        let url = "postgres://me:secret@127.0.0.1:1/db";
        let refusing = refusing.database(url, State::Refusing);
        let settings = [("RUST_LOG", "info")];
        let refusing = context.start(refusing.settings(&settings))?;
        are_quiet(&refusing)?;
        their_handlers_are_not(&refusing)
    });
}

/// What the handler of a probe logs is there.
fn their_handlers_are_not(service: &RunningService) -> Result<(), Failure> {
    const CAUSE: &str = "the database is down";
    // Whether the line is JSON is the concern of other checks.
    match service.program.log.wait_for(CAUSE, ARRIVAL) {
        Some(_) => Ok(()),
        None => Err(service.failure(
            &curl("GET", "/health/db", ""),
            format!("the event at WARN that says why: {CAUSE} …"),
            service.instead_of(CAUSE),
            "what a handler logs during a probe is no noise: only the event of the request is quiet",
        )),
    }
}

/// No event about any probe. An event about another request comes after those about the probes.
fn are_quiet(service: &RunningService) -> Result<(), Failure> {
    for path in PROBES {
        for method in METHODS {
            service.ask(method, path, &[], "")?;
        }
    }
    service.logged_get(&[])?;
    service.program.log.wait_for_quiet();
    let is_probe = |event: &Event| PROBES.contains(&event.text("path"));
    let Some(event) = service.events().into_iter().find(is_probe) else {
        return Ok(());
    };
    let method = METHODS
        .into_iter()
        .find(|method| event.text("method") == *method);
    let path = event.text("path");
    Err(service.failure(
        &curl(method.unwrap_or("GET"), path, ""),
        format!("no event about {path}, since RUST_LOG=info leaves out DEBUG"),
        event.to_string(),
        match event.field("status").as_u64() {
            _ if method == Some("POST") => "the path is that of a probe, and nothing but the path decides: not the method, and not the status",
            Some(500..) => "it fails every few seconds, and its handler has said why: DEBUG, whatever the status is",
            _ => "one probe every 30 s is 2,880 lines a day, and nobody reads them",
        },
    ))
}

/// Addresses that are like those of probes: each has an event at INFO or above.
fn others_are_not(service: &RunningService) -> Result<(), Failure> {
    let word = random_word();
    let mut targets = vec![
        format!("/readings/{word}?from=/health"),
        format!("/readings/{word}?next=/metrics"),
    ];
    for probe in PROBES {
        targets.extend([
            format!("{probe}z"),
            format!("{probe}/"),
            format!("{probe}/{word}"),
            format!("/{word}{probe}"),
            probe.to_uppercase(),
        ]);
    }
    let first = service.program.log.count();
    for target in &targets {
        service.ask("GET", target, &[], "")?;
    }
    service.logged_get(&[])?;
    service.program.log.wait_for_quiet();
    let events = service.events_from(first);
    for target in &targets {
        let path = target.split('?').next().unwrap_or_default();
        let count = |wanted: &str| {
            targets
                .iter()
                .filter(|target| target.split('?').next() == Some(wanted))
                .count()
        };
        // That the query is not logged is the concern of another check.
        let about = |event: &&Event| event.text("path").split('?').next() == Some(path);
        if events.iter().filter(about).count() < count(path) {
            return Err(service.failure(
                &curl("GET", target, ""),
                format!("an event about GET {target} at INFO: it is no probe"),
                "no event, or one below INFO".to_owned(),
                "only three addresses are those of probes: compare the whole path, and nothing but the path",
            ));
        }
    }
    Ok(())
}

/// What is not logged at INFO is logged on request.
fn are_there_at_debug(service: &RunningService) -> Result<(), Failure> {
    let context = service.context;
    let debug = context.start(context.launch().settings(&[("RUST_LOG", "debug")]))?;
    for path in PROBES {
        for method in METHODS {
            debug.ask(method, path, &[], "")?;
            is_there_at_debug(&debug, method, path)?;
        }
    }
    Ok(())
}

fn is_there_at_debug(service: &RunningService, method: &str, path: &str) -> Result<(), Failure> {
    // That there is a field "method" is the concern of another check.
    let any_method = !service.passed(row::SAYS_WHICH_REQUEST);
    let about = |event: &Event| {
        event.text("path") == path && (any_method || event.text("method") == method)
    };
    let failed = |found: String, perhaps: &str| {
        Err(service.failure(
            &curl(method, path, ""),
            format!("an event about {path} at DEBUG"),
            found,
            perhaps,
        ))
    };
    match service.wait_for(about) {
        // Whether levels are logged at all is the concern of another check.
        Some(event) if event.text("level") == "DEBUG" || !service.passed(row::SAYS_HOW_BAD) => {
            Ok(())
        }
        Some(event) => failed(event.to_string(), "it has another level"),
        None => failed(
            service.instead_of(&format!("\"{path}\"")),
            "probes are not logged at all, or else RUST_LOG=debug changes nothing",
        ),
    }
}
