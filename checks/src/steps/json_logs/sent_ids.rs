//! The id in each answer is that of the request's event.

use super::{
    event::Event,
    ids::HEADER,
    requests::Logged,
    service::{RunningService, curl},
};
use crate::{
    check::Failure,
    harness::{random::random_word, text::printable},
};

const EXPECTED: &str = "a header X-Request-Id with the request_id of the event";

/// A probe, whose event is not logged.
const PROBE: &str = "/health";

pub fn are_sent_back(service: &RunningService, logged: &[Logged]) -> Result<(), Failure> {
    let first = sent_back(service, &[])?;
    if sent_back(service, &[])? == first {
        return Err(service.failure(
            &curl("GET", "/", ""),
            "another id for each request".to_owned(),
            format!("two requests with the id {}", printable(&first)),
            "it is made once, at the start, and not once per request",
        ));
    }
    another_id_is_not_taken_over(service)?;
    for it in logged {
        if let Err((found, perhaps)) = is_the_events(it.sent.id.as_deref(), &it.event) {
            let failure = service.failure(&it.sent.how, EXPECTED.to_owned(), found, perhaps);
            return Err(it.sent.or_only_difference(failure));
        }
    }
    let probe = service.ask("GET", PROBE, &[], "")?;
    if probe.header(HEADER).is_none_or(|id| id.is_empty()) {
        return Err(service.failure(
            &curl("GET", PROBE, ""),
            "a header X-Request-Id, to a probe, too".to_owned(),
            format!("{probe}\nand no such header"),
            "every response has its id, whether its event is logged or not",
        ));
    }
    Ok(())
}

/// Headers in which other systems send an id, of a journey or of a user: several requests have the same.
const OTHERS: [&str; 4] = [
    "X-Correlation-Id",
    "X-Trace-Id",
    "Request-Id",
    "Traceparent",
];

fn another_id_is_not_taken_over(service: &RunningService) -> Result<(), Failure> {
    let word = random_word();
    let headers = OTHERS.map(|name| (name, word.as_str()));
    let first = sent_back(service, &headers)?;
    if sent_back(service, &headers)? != first {
        return Ok(());
    }
    let ask = curl("GET", "/", &arguments(&headers));
    Err(service.failure(
        &format!("{ask}\n{ask}"),
        "another id for each request".to_owned(),
        format!("two requests with the id {}", printable(&first)),
        "another header than X-Request-Id is taken over, which all requests of a journey share",
    ))
}

/// Sends a request with these headers. Returns the id in the answer, which must be the one in the event.
pub fn sent_back(service: &RunningService, headers: &[(&str, &str)]) -> Result<String, Failure> {
    let (answer, event) = service.logged_get(headers)?;
    let id = answer.header(HEADER);
    is_the_events(id.as_deref(), &event).map_err(|(found, perhaps)| {
        let command = curl("GET", event.text("path"), &arguments(headers));
        service.failure(&command, EXPECTED.to_owned(), found, perhaps)
    })?;
    Ok(id.unwrap_or_default())
}

/// What makes curl send these headers.
fn arguments(headers: &[(&str, &str)]) -> String {
    let headers = headers.iter();
    headers
        .map(|(name, value)| format!(" -H '{name}: {value}'"))
        .collect()
}

/// What was found instead, and why.
fn is_the_events(id: Option<&str>, event: &Event) -> Result<(), (String, &'static str)> {
    let logged = event.text("request_id");
    match id {
        None => Err((
            format!("no such header, and the event\n{event}"),
            "the id is not put into the answer",
        )),
        Some(id) if id.is_empty() || id != logged => Err((
            format!("{HEADER}: {}\n{event}", printable(id)),
            match logged {
                "" => "there is no field \"request_id\"",
                _ => "two ids are made: make one, and use it for both",
            },
        )),
        Some(_) => Ok(()),
    }
}
