//! One event for each request, and its fields.

use serde_json::Value;

use super::{
    event::Event,
    redaction, row,
    service::{RunningService, curl},
};
use crate::{
    check::Failure,
    harness::{http::Answer, random::random_word},
};

/// A request, its answer, and its event.
struct Logged {
    method: &'static str,
    path: String,
    answer: Answer,
    event: Event,
}

impl Logged {
    /// A failure that shows its event.
    fn failure(&self, service: &RunningService, expected: String, perhaps: &str) -> Failure {
        let curl = curl(self.method, &self.path, "");
        service.failure(&curl, expected, self.event.to_string(), perhaps)
    }
}

pub fn check_all(service: &RunningService) {
    let results = service.context.results;
    let logged = results.check(row::LOGS_EACH_REQUEST, || each_has_one(service));
    let Some(logged) = logged else { return };
    results.check(row::SAYS_WHICH_REQUEST, || {
        logged.iter().try_for_each(|it| says_which(service, it))
    });
    results.check(row::SAYS_HOW_IT_ENDED, || {
        logged.iter().try_for_each(|it| says_how(service, it))
    });
    results.check(row::KEEPS_SECRETS_OUT, || redaction::keeps_secrets(service));
    results.check(row::QUIETS_PROBES, || redaction::quiets_probes(service));
}

/// Requests of all kinds: with a route and without, with a body and without, successful and not.
fn each_has_one(service: &RunningService) -> Result<Vec<Logged>, Failure> {
    let mut logged = Vec::new();
    for (method, folder) in [
        ("GET", "/readings/"),
        ("GET", "/"),
        ("POST", "/"),
        ("HEAD", "/"),
    ] {
        logged.push(has_one(
            service,
            method,
            format!("{folder}{}", random_word()),
            "",
        )?);
    }
    const FAIL: &str = "/drill/errors?ratio=";
    service.ask("POST", &format!("{FAIL}1"), &[], "")?;
    let path = format!("/readings/{}", random_word());
    let before = format!("{}\n", curl("POST", &format!("{FAIL}1"), ""));
    let failed = has_one(service, "GET", path, &before);
    service.ask("POST", &format!("{FAIL}0"), &[], "")?;
    logged.push(failed?);
    Ok(logged)
}

fn has_one(
    service: &RunningService,
    method: &'static str,
    path: String,
    before: &str,
) -> Result<Logged, Failure> {
    let answer = service.ask(method, &path, &[], "")?;
    let events = service.all_events(&path);
    let (found, perhaps) = match events.as_slice() {
        [event] => {
            let event = event.clone();
            return Ok(Logged {
                method,
                path,
                answer,
                event,
            });
        }
        [] => (
            format!("{}, and {}", answer.status, service.instead_of(&path)),
            match answer.status {
                404 => "a request for which there is no route is a request, too",
                500.. => "those that failed are the ones that one looks for",
                _ => "nothing is logged about it, or below the level INFO",
            },
        ),
        [first, second, ..] => (
            format!("{} events:\n{first}\n{second}", events.len()),
            "each request is logged twice, and is counted twice later",
        ),
    };
    Err(service.failure(
        &format!("{before}{}", curl(method, &path, "")),
        format!("exactly one event about {method} {path}"),
        found,
        perhaps,
    ))
}

fn says_which(service: &RunningService, it: &Logged) -> Result<(), Failure> {
    let Logged {
        method,
        path,
        event,
        ..
    } = it;
    let failed = |expected: String, perhaps: &str| Err(it.failure(service, expected, perhaps));
    if event.text("method") != *method {
        return failed(
            format!("method: {method:?}"),
            "method is a field of its own",
        );
    }
    if event.text("path") != path {
        return failed(
            format!("path: {path:?}"),
            "path is the one that was asked for, and no more",
        );
    }
    let (pattern, route) = ("/readings/{sensor}", event.field("route"));
    if path.starts_with("/readings/") && route != pattern {
        let perhaps = "the request knows by which pattern it was matched, once it was handled";
        return failed(format!("route: {pattern:?}"), perhaps);
    }
    if !path.starts_with("/readings/") && route.as_str().is_some_and(|route| route.contains(path)) {
        return failed(
            "route: the same for all paths that no route takes".to_owned(),
            "where there is no pattern, the path stands in for it: then each is a route",
        );
    }
    Ok(())
}

fn says_how(service: &RunningService, it: &Logged) -> Result<(), Failure> {
    let Logged { answer, event, .. } = it;
    let failed = |expected: String, perhaps: &str| Err(it.failure(service, expected, perhaps));
    let number = |name: &str| event.field(name).as_u64();
    if number("status") != Some(answer.status.into()) {
        return failed(
            format!("status: {}", answer.status),
            match event.field("status") {
                Value::Null => "there is no field \"status\"",
                Value::String(_) => "a number: so that one can ask for all that are 500 or more",
                _ => "it was answered with another one",
            },
        );
    }
    // What has no body may be 0 or nothing: a HEAD has a length, and no body.
    if !answer.body.is_empty() && number("bytes") != Some(answer.body.len() as u64) {
        return failed(
            format!("bytes: {}", answer.body.len()),
            "bytes is how long the body of the answer is, as a number",
        );
    }
    Ok(())
}
