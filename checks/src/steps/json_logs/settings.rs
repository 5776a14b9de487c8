//! How much is logged, and what goes without saying.

use std::io;

use super::{
    row,
    rust_log::{self, EXTRACTS, MISTAKE, Mark},
    service::{Context, RunningService, curl},
};
use crate::{
    check::Failure,
    harness::{launch::UNSET, text::printable},
};

/// Programs with other settings, all at the same time.
pub fn check_all(context: &Context) -> io::Result<()> {
    let results = context.results;
    results.check(row::OBEYS_RUST_LOG, || rust_log::is_obeyed(context));
    results.check(row::TAKES_EMPTY_FOR_INFO, || {
        logs_its_start(context, UNSET)?;
        logs_its_start(context, "")
    });
    Ok(())
}

fn logs_its_start(context: &Context, rust_log: &'static str) -> Result<(), Failure> {
    let settings = [("RUST_LOG", rust_log), ("DRILL", "1")];
    let service = context.start(context.launch().settings(&settings))?;
    let address = service.program.address().to_string();
    if service.event(&address).is_some() {
        return leaves_out_debug(&service);
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

fn leaves_out_debug(service: &RunningService) -> Result<(), Failure> {
    let (method, target) = MISTAKE;
    service.ask(method, target, &[], "")?;
    service.program.log.wait_for_quiet();
    let Mark(text, name) = EXTRACTS;
    match service.program.log.find(text) {
        None => Ok(()),
        Some(line) => Err(service.failure(
            &curl(method, target, ""),
            format!("not {name}: without a value, RUST_LOG is info"),
            printable(&line),
            "the default is another level",
        )),
    }
}
