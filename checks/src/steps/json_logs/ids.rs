//! The id of a request: made or taken over, sent back, and on all of its events.

use super::{
    connection::Connection,
    event::Event,
    stage::{Stage, curl},
};
use crate::{
    check::Failure,
    http::{printable, status_line},
    steps::random_word,
};

pub const HEADER: &str = "x-request-id";

pub fn verify(stage: &Stage) {
    let results = stage.scene.results;
    results.check("json-logs.sends-the-id-back", || {
        let first = sent_back(stage, &[])?;
        let second = sent_back(stage, &[])?;
        if first != second {
            return Ok(());
        }
        Err(stage.failure(
            &curl("GET", "/", ""),
            "another id for each request".to_owned(),
            format!("two requests with the id {}", printable(&first)),
            "it is made once, at the start, and not once per request",
        ))
    });
    results.check("json-logs.keeps-the-callers-id", || keeps(stage));
    results.check("json-logs.refuses-bad-ids", || {
        bad_ids().iter().try_for_each(|id| refuses(stage, id))
    });
}

/// The id in the answer, which has to be the one in the event.
fn sent_back(stage: &Stage, headers: &[(&str, &str)]) -> Result<String, Failure> {
    let (answer, event) = stage.logged_get(headers)?;
    let more: String = headers
        .iter()
        .map(|(name, value)| format!(" -H '{name}: {value}'"))
        .collect();
    let failed = |found: String, perhaps: &str| {
        let expected = "a header X-Request-Id with the request_id of the event".to_owned();
        Err(stage.failure(
            &curl("GET", event.text("path"), &more),
            expected,
            found,
            perhaps,
        ))
    };
    let logged = event.text("request_id");
    match answer.header(HEADER) {
        None => failed(
            format!("no such header, and the event\n{event}"),
            "the id is not put into the answer",
        ),
        Some(id) if id.is_empty() || id != logged => failed(
            format!("{HEADER}: {}\n{event}", printable(&id)),
            match logged {
                "" => "there is no field \"request_id\"",
                _ => "two ids are made: make one, and use it for both",
            },
        ),
        Some(id) => Ok(id),
    }
}

fn keeps(stage: &Stage) -> Result<(), Failure> {
    let word = random_word();
    // As other services make them: a word, a UUID, and one that tells where it comes from.
    let uuid = format!("{}-4b5e-4c2a-9d1f-{}", &word[1..9], &word[1..13]);
    for id in [word.clone(), uuid, format!("edge-1.eu_{word}")] {
        let used = sent_back(stage, &[(HEADER, &id)])?;
        if used != id {
            return Err(stage.failure(
                &curl("GET", "/", &format!(" -H 'X-Request-Id: {id}'")),
                format!("{HEADER}: {id}"),
                format!("{HEADER}: {}", printable(&used)),
                "whoever called has logged its own id: with another one, the trail ends here",
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

/// Sent as raw bytes: not every client would send this.
fn refuses(stage: &Stage, id: &str) -> Result<(), Failure> {
    let path = format!("/{}", random_word());
    let shown: String = id.chars().take(40).collect();
    let header = match shown.as_str() {
        "" => " -H 'X-Request-Id;'".to_owned(), // curl's way to send an empty one
        shown => format!(" -H $'X-Request-Id: {}'", shown.escape_debug()),
    };
    let failed = |found: String, perhaps: &str| {
        Err(stage.failure(
            &curl("GET", &path, &header),
            "an id that was made here, in place of this one".to_owned(),
            found,
            perhaps,
        ))
    };
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: {id}\r\n\r\n");
    let answer = Connection::open(stage.program.address()).and_then(|mut connection| {
        connection.send(request.as_bytes())?;
        connection.answer()
    });
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            let found = format!("no answer: {error}{}", stage.program.log.tail());
            return failed(found, "not every text can be the value of a header");
        }
    };
    let Some(event) = stage.event(&path) else {
        let found = format!(
            "{}, and {}",
            status_line(answer.status),
            stage.instead_of(&path)
        );
        let perhaps = match answer.status {
            400 => "whoever has an odd id is a caller all the same: it is to be handled",
            _ => "the request is not logged, or breaks its line",
        };
        return failed(found, perhaps);
    };
    let sent = answer.id.unwrap_or_default();
    let start = &id[..id.len().min(17)];
    if !id.is_empty() && (sent.starts_with(start) || event.text("request_id").starts_with(start)) {
        return failed(
            format!("{HEADER}: {}\n{event}", printable(&sent)),
            "it is taken over as it comes: take only short ones, of harmless characters",
        );
    }
    if sent.is_empty() || event.text("request_id") != sent {
        return failed(
            format!("{}, {HEADER}: {}\n{event}", answer.status, printable(&sent)),
            "where the caller's is refused, there has to be another",
        );
    }
    Ok(())
}

/// What a handler logs holds the id of its request.
pub fn marks_what_handlers_log(stage: &Stage) -> Result<(), Failure> {
    const TARGET: &str = "/drill/reset";
    const SAID: &str = "all is well again";
    let answer = stage.ask("POST", TARGET, &[], "")?;
    let id = answer.header(HEADER).unwrap_or_default();
    let marked = |event: &Event| event.holds(SAID) && event.text("request_id") == id;
    if stage.wait_for(marked).is_some() {
        return Ok(());
    }
    let event = stage.event(SAID);
    Err(stage.failure(
        &curl("POST", TARGET, ""),
        format!("request_id: {id:?} on the event that the handler logs"),
        event.map_or(stage.instead_of(SAID), |event| event.to_string()),
        "the id is on the request's own event only: others cannot be found by it",
    ))
}
