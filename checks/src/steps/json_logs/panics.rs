//! A panic in a handler is an event like any other, each time, whatever its text.

use super::{
    event::Event,
    ids::HEADER,
    printf::quoted,
    row,
    service::{Context, RunningService, curl, shown},
};
use crate::{
    check::Failure,
    harness::{random::random_word, text::varying},
};

const PATH: &str = "/drill/panic";

/// What the handler says of itself, as a `&str`.
const OWN_TEXT: &str = "this is a drill";

/// One panic, and how a learner provokes it.
struct Panic {
    /// The text that the caller chooses, a `String`; or none.
    text: String,
    how: String,
    /// The likely cause if nothing is logged.
    perhaps: &'static str,
}

impl Panic {
    /// What the event has to say.
    fn said(&self) -> &str {
        match self.text.as_str() {
            "" => OWN_TEXT,
            text => text,
        }
    }
}

pub fn are_logged(service: &RunningService) -> Result<(), Failure> {
    let curl = |more: &str| curl("POST", PATH, more);
    let mut text = random_word();
    if service.passed(row::ESCAPES_TEXT) {
        // As assert_eq! says it.
        text.push_str("\n  left: \"1\"\n right: \"2\"");
    }
    let with_text = format!("printf '{}' | {}", quoted(&text), curl(" --data-binary @-"));
    for panic in [
        Panic {
            text: String::new(),
            how: curl(""),
            perhaps: "the hook logs nothing",
        },
        Panic {
            text,
            how: with_text,
            perhaps: "the text of a panic may be a String and have several lines: payload_as_str reads all of it",
        },
        Panic {
            text: String::new(),
            how: format!("{}\n{}", curl(""), curl("")),
            perhaps: "the first panic was logged: the hook is taken away, or logs once only",
        },
    ] {
        is_logged(service, &panic)?;
    }
    Ok(())
}

/// The event of a panic has the id of its request. Whether there is one is the concern of another check. In a program of its
/// own: it may end.
pub fn are_marked(context: &Context) -> Result<(), Failure> {
    let settings = [("RUST_LOG", "info"), ("DRILL", "1")];
    let service = context.start(context.launch().settings(&settings))?;
    let Ok(answer) = service.ask("POST", PATH, &[], "") else {
        return Ok(());
    };
    let id = answer.header(HEADER).unwrap_or_default();
    match service.wait_for(|event| event.says(OWN_TEXT)) {
        Some(event) if event.text("request_id") != id => Err(service.failure(
            &curl("POST", PATH, ""),
            format!("request_id: {id:?} on the event of the panic"),
            event.to_string(),
            "it is written past the logger, or by another thread, where the id of the request is not known",
        )),
        _ => Ok(()),
    }
}

fn is_logged(service: &RunningService, panic: &Panic) -> Result<(), Failure> {
    service.program.log.wait_for_quiet();
    let before = service.program.log.count();
    let answered = service.ask("POST", PATH, &[], &panic.text);
    let event = service.wait_from(before, |event| event.says(panic.said()));
    service.program.log.wait_for_quiet();
    nothing_else_was_written(service, panic, before, event.is_some())?;
    let Some(event) = event else {
        let found = format!("no such event{}", service.program.log.tail());
        return Err(failure(service, panic, found, panic.perhaps));
    };
    says_all(service, panic, before, &event)?;
    answered
        .map(drop)
        .map_err(|failure| match service.program.end() {
            Some(_) => {
                failure.perhaps("the hook ends the whole program, with all requests under way")
            }
            None => failure,
        })?;
    let events = service.events_from(before);
    let about = events.iter().filter(|event| event.text("path") == PATH);
    if about.count() != 1 && service.passed(row::SAYS_WHICH_REQUEST) {
        let found = format!("{event}\nand none about the request, or more than one");
        let perhaps = "the panic has passed by the middleware";
        return Err(failure(service, panic, found, perhaps));
    }
    Ok(())
}

/// From line `before` on. `logged`: whether the event itself is there.
fn nothing_else_was_written(
    service: &RunningService,
    panic: &Panic,
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
    Err(failure(service, panic, found, perhaps))
}

/// Checks its level and place, and that there is one event.
fn says_all(
    service: &RunningService,
    panic: &Panic,
    before: usize,
    event: &Event,
) -> Result<(), Failure> {
    let failed = |found: String, perhaps: &str| Err(failure(service, panic, found, perhaps));
    if event.text("level") != "ERROR" && service.passed(row::SAYS_HOW_BAD) {
        return failed(
            event.to_string(),
            "a panic is a fault of ours: there is no higher level",
        );
    }
    if !event.holds("drill.rs") {
        return failed(event.to_string(), "the hook is told the place, too");
    }
    let events = service.events_from(before);
    let count = events
        .iter()
        .filter(|event| event.says(panic.said()))
        .count();
    if count > 1 {
        return failed(
            format!("{count} events, of which one is\n{event}"),
            "it is logged twice",
        );
    }
    Ok(())
}

fn failure(service: &RunningService, panic: &Panic, found: String, perhaps: &str) -> Failure {
    service.failure(
        &panic.how,
        format!(
            "one event at ERROR: {:?}, and where that was, drill.rs:<line>",
            panic.said()
        ),
        found,
        perhaps,
    )
}
