//! A panic in a handler is an event like any other.

use super::{
    event::Event,
    row,
    service::{RunningService, curl, shown},
};
use crate::check::Failure;
use crate::harness::text::varying;

const PATH: &str = "/drill/panic";

pub fn are_logged(service: &RunningService) -> Result<(), Failure> {
    service.program.log.wait_for_quiet();
    let before = service.program.log.count();
    let answered = service.ask("POST", PATH, &[], "");
    let event = service.wait_for(panicked);
    service.program.log.wait_for_quiet();
    nothing_else_was_written(service, before, event.is_some())?;
    let Some(event) = event else {
        let found = format!("no such event{}", service.program.log.tail());
        return Err(failure(service, found, "the hook logs nothing"));
    };
    says_all(service, &event)?;
    answered
        .map(drop)
        .map_err(|failure| match service.program.end() {
            Some(_) => {
                failure.perhaps("the hook ends the whole program, with all requests under way")
            }
            None => failure,
        })?;
    let events = service.events();
    let about = events.iter().filter(|event| event.text("path") == PATH);
    if about.count() != 1 && service.passed(row::SAYS_WHICH_REQUEST) {
        let found = format!("{event}\nand none about the request, or more than one");
        let perhaps = "the panic has passed by the middleware";
        return Err(failure(service, found, perhaps));
    }
    Ok(())
}

fn panicked(event: &Event) -> bool {
    event.holds("this is a drill")
}

/// From line `before` on. `logged`: whether the event itself is there.
fn nothing_else_was_written(
    service: &RunningService,
    before: usize,
    logged: bool,
) -> Result<(), Failure> {
    if !service.passed(row::WRITES_NOTHING_ELSE) {
        return Ok(());
    }
    let lines = service.program.log.lines(before);
    let count = lines.len();
    let foreign: Vec<_> = lines
        .into_iter()
        .filter(|line| Event::read(&line.text).is_err())
        .collect();
    let mut written = foreign.iter().filter(|line| !line.text.is_empty());
    let Some(line) = written.next().or(foreign.first()) else {
        return Ok(());
    };
    let found = format!(
        "{} of {} lines are not JSON; the first:\n{}",
        varying("some", foreign.len()),
        varying("all", count),
        shown(line)
    );
    let perhaps = if logged {
        "the default hook is called as well"
    } else {
        "the default hook prints plain text: set another one"
    };
    Err(failure(service, found, perhaps))
}

/// Checks its level and place, and that there is one event.
fn says_all(service: &RunningService, event: &Event) -> Result<(), Failure> {
    let failed = |found: String, perhaps: &str| Err(failure(service, found, perhaps));
    if event.text("level") != "ERROR" && service.passed(row::SAYS_HOW_BAD) {
        return failed(
            event.to_string(),
            "a panic is a fault of ours: there is no higher level",
        );
    }
    if !event.holds("drill.rs") {
        return failed(event.to_string(), "the hook is told the place, too");
    }
    let events = service.events();
    let count = events.iter().filter(|event| panicked(event)).count();
    if count > 1 {
        return failed(
            format!("{count} events, of which one is\n{event}"),
            "it is logged twice",
        );
    }
    Ok(())
}

fn failure(service: &RunningService, found: String, perhaps: &str) -> Failure {
    service.failure(
        &curl("POST", PATH, ""),
        "one event at ERROR: \"this is a drill\", and where that was, drill.rs:<line>".to_owned(),
        found,
        perhaps,
    )
}
