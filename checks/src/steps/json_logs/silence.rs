//! What is not in the log: secrets at all, and probes unless one asks for them.

use super::{
    event::Event,
    settings,
    stage::{Stage, curl},
};
use crate::{check::Failure, http::printable, steps::random_word};

/// A token in the query, and what a browser or a program sends to say who it is.
pub fn keeps_secrets(stage: &Stage) -> Result<(), Failure> {
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
    stage.ask("GET", &target, &headers, "")?;
    let _ = stage.all_events(&path);
    let Some(line) = stage.program.log.find(&secret) else {
        return Ok(());
    };
    let perhaps = match line.contains(&format!("token={secret}")) {
        true => "the query is logged with the path: %r of middleware::Logger does that, too",
        false => "headers are logged: name the few that are harmless, if any are needed",
    };
    let more = format!(" -H 'Authorization: Bearer {secret}'");
    Err(stage.failure(
        &curl("GET", &target, &more),
        format!("no line that holds the secret {secret}"),
        printable(&line),
        perhaps,
    ))
}

/// They are asked for here at INFO, and where everything is logged in `settings`.
pub fn quiets_probes(stage: &Stage) -> Result<(), Failure> {
    const PROBES: [&str; 2] = ["/health", "/health/db"];
    for path in PROBES {
        stage.ask("GET", path, &[], "")?;
        stage.logged_get(&[])?;
        stage.program.log.wait_for_quiet();
        let about = |event: &Event| event.text("path") == path;
        if let Some(event) = stage.events().into_iter().find(about) {
            return Err(stage.failure(
                &curl("GET", path, ""),
                format!("no event about {path}, since RUST_LOG=info leaves out DEBUG"),
                event.to_string(),
                "one probe every 30 s is 2,880 lines a day, and nobody reads them",
            ));
        }
    }
    settings::probes_are_there_at_debug(stage.scene)
}
