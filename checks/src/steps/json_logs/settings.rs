//! How much is logged: `RUST_LOG`.

use std::io;

use super::{
    event::Event,
    row,
    service::{Context, curl},
};
use crate::{check::Failure, harness::launch::UNSET};

pub fn check_all(context: &Context) -> io::Result<()> {
    let results = context.results;
    results.check(row::OBEYS_RUST_LOG, || obeys(context));
    results.check(row::TAKES_EMPTY_FOR_INFO, || {
        logs_its_start(context, UNSET)?;
        logs_its_start(context, "")
    });
    Ok(())
}

fn obeys(context: &Context) -> Result<(), Failure> {
    const TARGET: &str = "/drill/reset";
    const WARNED: &str = "all is well again";
    let settings = [("RUST_LOG", "warn"), ("DRILL", "1")];
    let service = context.start(context.launch().settings(&settings))?;
    let curl = curl("POST", TARGET, "");
    service.ask("POST", TARGET, &[], "")?;
    if service.event(WARNED).is_none() {
        return Err(service.failure(
            &curl,
            "the event at WARN".to_owned(),
            service.instead_of(WARNED),
            "RUST_LOG=warn is to leave out what is less than that, and nothing else",
        ));
    }
    service.program.log.wait_for_quiet();
    let address = service.program.address().to_string();
    let events = service.events();
    match events.iter().find(|event| event.holds(&address)) {
        None => Ok(()),
        Some(event) => Err(service.failure(
            &curl,
            "no event below WARN".to_owned(),
            event.to_string(),
            "the level is written into the program: during an incident nobody can change it",
        )),
    }
}

fn logs_its_start(context: &Context, rust_log: &'static str) -> Result<(), Failure> {
    let service = context.start(context.launch().settings(&[("RUST_LOG", rust_log)]))?;
    let address = service.program.address().to_string();
    if service.event(&address).is_some() {
        return Ok(());
    }
    Err(service.failure(
        "",
        "the event about listening, at INFO".to_owned(),
        service.instead_of(&address),
        match rust_log {
            "" => "Compose makes RUST_LOG empty when nobody set it, and env_logger takes that for \"errors only\"",
            _ => "without RUST_LOG, env_logger logs errors only",
        },
    ))
}

/// What is not logged at INFO is logged on request.
pub fn probes_are_there_at_debug(context: &Context) -> Result<(), Failure> {
    const PATH: &str = "/health";
    let service = context.start(context.launch().settings(&[("RUST_LOG", "debug")]))?;
    service.ask("GET", PATH, &[], "")?;
    let about = |event: &Event| event.text("path") == PATH;
    match service.wait_for(about) {
        // Whether levels are logged at all is the concern of another check.
        Some(event) if event.text("level") == "DEBUG" || !service.passed(row::SAYS_HOW_BAD) => {
            Ok(())
        }
        Some(event) => Err(service.failure(
            &curl("GET", PATH, ""),
            format!("an event about {PATH} at DEBUG"),
            event.to_string(),
            "it has another level",
        )),
        None => Err(service.failure(
            &curl("GET", PATH, ""),
            format!("an event about {PATH} at DEBUG"),
            service.instead_of(&format!("\"{PATH}\"")),
            "probes are not logged at all, or else RUST_LOG=debug changes nothing",
        )),
    }
}
