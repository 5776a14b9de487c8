//! The id of a request: generated or taken over, sent back, and in all of its events.

use super::{
    event::Event,
    requests::Logged,
    row,
    sent_ids::{self, sent_back},
    service::{RunningService, curl},
    unique,
};
use crate::{
    check::Failure,
    harness::{
        http::status_line,
        random::random_word,
        raw_http::{Connection, QUEUE_LIMIT},
        text::printable,
    },
};

pub const HEADER: &str = "x-request-id";

/// `logged`: requests of all kinds, with their events.
pub fn check_all(service: &RunningService, logged: &[Logged]) {
    let results = service.context.results;
    results.check(row::SENDS_THE_ID_BACK, || {
        sent_ids::are_sent_back(service, logged)?;
        unique::are_unique(service)
    });
    results.check(row::KEEPS_THE_CALLERS_ID, || keeps(service));
    results.check(row::REFUSES_BAD_IDS, || {
        bad_ids().iter().try_for_each(|id| refuses(service, id))
    });
}

fn keeps(service: &RunningService) -> Result<(), Failure> {
    let word = random_word();
    // Ids of other services: a word, a UUID, and one with a prefix for its origin.
    let uuid = format!("{}-4b5e-4c2a-9d1f-{}", &word[1..9], &word[1..13]);
    for id in [
        word.clone(),
        uuid,
        format!("edge-1.eu_{word}"),
        word.to_uppercase(),
    ] {
        let used = sent_back(service, &[(HEADER, &id)])?;
        if used != id {
            return Err(service.failure(
                &curl("GET", "/", &format!(" -H 'X-Request-Id: {id}'")),
                format!("{HEADER}: {id}"),
                format!("{HEADER}: {}", printable(&used)),
                "the caller has logged this id: under another one, the request cannot be followed through both logs",
            ));
        }
    }
    Ok(())
}

fn bad_ids() -> [String; 6] {
    let word = random_word();
    [
        String::new(),
        word.repeat(60), // 1,020 characters
        format!(r#"{word}","level":"FATAL"#),
        format!("{word} and more"),
        format!("{word}\tand more"),
        format!("{word}한글"),
    ]
}

/// Sent as raw bytes: HTTP clients reject some of these.
fn refuses(service: &RunningService, id: &str) -> Result<(), Failure> {
    let path = format!("/{}", random_word());
    let shown: String = id.chars().take(40).collect();
    let header = match shown.as_str() {
        "" => " -H 'X-Request-Id;'".to_owned(), // curl's way to send an empty one
        shown => format!(" -H $'X-Request-Id: {}'", shown.escape_debug()),
    };
    let failed = |found: String, perhaps: &str| {
        Err(service.failure(
            &curl("GET", &path, &header),
            "an id that was made here, in place of this one".to_owned(),
            found,
            perhaps,
        ))
    };
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: {id}\r\n\r\n");
    let connection = Connection::open(service.program.address(), QUEUE_LIMIT);
    let answer = connection.and_then(|mut connection| {
        connection.send(request.as_bytes())?;
        connection.answer()
    });
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            let found = format!("no answer: {error}{}", service.program.log.tail());
            return failed(found, "not every text can be the value of a header");
        }
    };
    let Some(event) = service.event(&path) else {
        let found = format!(
            "{}, and {}",
            status_line(answer.status),
            service.instead_of(&path)
        );
        let perhaps = match answer.status {
            400 => "the request is refused for its odd id: give it another one, and answer it",
            _ => "the request is not logged, or breaks its line",
        };
        return failed(found, perhaps);
    };
    let sent = answer.header(HEADER).unwrap_or_default();
    let start = &id[..id.len().min(17)];
    if !id.is_empty() && (sent.starts_with(start) || event.text("request_id").starts_with(start)) {
        return failed(
            format!("{HEADER}: {}\n{event}", printable(sent)),
            "it is taken over as it comes: take only short ones, of harmless characters",
        );
    }
    if sent.is_empty() || event.text("request_id") != sent {
        return failed(
            format!("{}, {HEADER}: {}\n{event}", answer.status, printable(sent)),
            "where the caller's is refused, there has to be another",
        );
    }
    Ok(())
}

/// Events that a handler logs contain the id of its request.
pub fn marks_what_handlers_log(service: &RunningService) -> Result<(), Failure> {
    const TARGET: &str = "/drill/reset";
    const SAID: &str = "all is well again";
    let answer = service.ask("POST", TARGET, &[], "")?;
    let id = answer.header(HEADER).unwrap_or_default();
    let marked = |event: &Event| event.holds(SAID) && event.text("request_id") == id;
    if service.wait_for(marked).is_some() {
        return Ok(());
    }
    let event = service.event(SAID);
    Err(service.failure(
        &curl("POST", TARGET, ""),
        format!("request_id: {id:?} on the event that the handler logs"),
        event.map_or(service.instead_of(SAID), |event| event.to_string()),
        "the id is on the request's own event only: others cannot be found by it",
    ))
}
