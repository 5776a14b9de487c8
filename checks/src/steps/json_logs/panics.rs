//! A handler panics: that is an event like any other.

use super::{
    event::Event,
    stage::{Stage, curl, shown},
};
use crate::check::Failure;

pub fn are_logged(stage: &Stage) -> Result<(), Failure> {
    const PATH: &str = "/drill/panic";
    let failed = |found: String, perhaps: &str| {
        Err(stage.failure(
            &curl("POST", PATH, ""),
            "one event at ERROR: \"this is a drill\", and where that was, drill.rs:<line>"
                .to_owned(),
            found,
            perhaps,
        ))
    };
    stage.program.log.wait_for_quiet();
    let before = stage.program.log.count();
    let answered = stage.ask("POST", PATH, &[], "");
    let panicked = |event: &Event| event.holds("this is a drill");
    let event = stage.wait_for(panicked);
    stage.program.log.wait_for_quiet();
    let clean = stage.passed("json-logs.writes-nothing-else");
    if let Some((line, _)) = stage.foreign_line(before).filter(|_| clean) {
        let lines = stage.program.log.lines(before);
        let count = lines.len();
        let foreign: Vec<_> = lines
            .into_iter()
            .filter(|line| Event::read(&line.text).is_err())
            .collect();
        let line = foreign
            .iter()
            .find(|line| !line.text.is_empty())
            .unwrap_or(&line);
        return failed(
            format!(
                "{} of {count} lines are not JSON; the first:\n{}",
                foreign.len(),
                shown(line)
            ),
            match event {
                Some(_) => "the default hook is called as well",
                None => "the default hook prints plain text: set another one",
            },
        );
    }
    let Some(event) = event else {
        return failed(
            format!("no such event{}", stage.program.log.tail()),
            "the hook logs nothing",
        );
    };
    if event.text("level") != "ERROR" && stage.passed("json-logs.says-how-bad") {
        return failed(
            event.to_string(),
            "a panic is a fault of ours: there is no higher level",
        );
    }
    if !event.holds("drill.rs") {
        return failed(event.to_string(), "the hook is told the place, too");
    }
    let count = stage
        .events()
        .iter()
        .filter(|event| panicked(event))
        .count();
    if count > 1 {
        return failed(
            format!("{count} events, of which one is\n{event}"),
            "it is logged twice",
        );
    }
    answered
        .map(drop)
        .map_err(|failure| match stage.program.end() {
            Some(_) => Failure {
                perhaps: Some(
                    "the hook ends the whole program, with all requests under way".to_owned(),
                ),
                ..failure
            },
            None => failure,
        })?;
    let events = stage.events();
    let about = events.iter().filter(|event| event.text("path") == PATH);
    if about.count() != 1 && stage.passed("json-logs.says-which-request") {
        let found = format!("{event}\nand none about the request, or more than one");
        return failed(found, "the panic has passed by the middleware");
    }
    Ok(())
}
