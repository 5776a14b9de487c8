//! What is not logged: secrets never, and probes only on request.

use super::{
    event::Event,
    service::{RunningService, curl},
    settings,
};
use crate::{
    check::Failure,
    harness::{random::random_word, text::printable},
};

/// A token in the query, and what a browser or a program sends to say who it is.
pub fn keeps_secrets(service: &RunningService) -> Result<(), Failure> {
    let secret = random_word();
    let path = format!("/readings/{}", random_word());
    let target = format!("{path}?token={secret}");
    let bearer = format!("Bearer {secret}");
    let session = format!("session={secret}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("cookie", session.as_str()),
        ("x-api-key", secret.as_str()),
    ];
    service.ask("GET", &target, &headers, "")?;
    let _ = service.all_events(&path);
    let Some(line) = service.program.log.find(&secret) else {
        return Ok(());
    };
    let perhaps = if line.contains(&format!("token={secret}")) {
        "the query is logged with the path: %r of middleware::Logger does that, too"
    } else {
        "headers are logged: name the few that are harmless, if any are needed"
    };
    let more = format!(" -H 'Authorization: Bearer {secret}'");
    Err(service.failure(
        &curl("GET", &target, &more),
        format!("no line that holds the secret {secret}"),
        printable(&line),
        perhaps,
    ))
}

/// Here at INFO; `settings` checks them with everything logged.
pub fn quiets_probes(service: &RunningService) -> Result<(), Failure> {
    const PROBES: [&str; 2] = ["/health", "/health/db"];
    for path in PROBES {
        service.ask("GET", path, &[], "")?;
        service.logged_get(&[])?;
        service.program.log.wait_for_quiet();
        let about = |event: &Event| event.text("path") == path;
        if let Some(event) = service.events().into_iter().find(about) {
            return Err(service.failure(
                &curl("GET", path, ""),
                format!("no event about {path}, since RUST_LOG=info leaves out DEBUG"),
                event.to_string(),
                "one probe every 30 s is 2,880 lines a day, and nobody reads them",
            ));
        }
    }
    settings::probes_are_there_at_debug(service.context)
}
