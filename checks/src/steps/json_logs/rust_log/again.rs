//! The same event, twice.

use super::{Mark, RESET, WARNED};
use crate::{
    check::Failure,
    harness::poll,
    steps::json_logs::service::{ARRIVAL, PACE, RunningService, curl},
};

/// The same event, right after the first one: at this level nothing is logged in between.
pub fn is_told(service: &RunningService) -> Result<(), Failure> {
    let (Mark(text, name), (method, target)) = (WARNED, RESET);
    let told = || {
        let lines = service.program.log.lines(0);
        lines.iter().filter(|line| line.text.contains(text)).count()
    };
    let before = told();
    service.ask(method, target, &[], "")?;
    if poll::is_done(ARRIVAL, PACE, || told() > before) {
        return Ok(());
    }
    let curl = curl(method, target, "");
    let once = service.event(text).map(|event| format!("once:\n{event}"));
    Err(service.failure(
        &format!("{curl}\n{curl}"),
        format!("{name} twice: it happened twice"),
        once.unwrap_or_else(|| service.instead_of(text)),
        "an event that says the same as the one before is left out: then nobody can count them",
    ))
}
