//! One event for each request, and its fields.

use serde_json::Value;

use super::{
    event::Event,
    row,
    service::{ARRIVAL, PACE, RunningService},
    traffic::{self, Sent},
};
use crate::{
    check::Failure,
    harness::{http::status_line, poll, text::varying},
};

/// What rounding adds to a duration at most, in milliseconds.
const ROUNDED: f64 = 1.0;

/// A request, and its event.
pub struct Logged {
    pub sent: Sent,
    pub event: Event,
}

impl Logged {
    /// A failure that shows its event.
    pub fn failure(&self, service: &RunningService, expected: String, perhaps: &str) -> Failure {
        let failure = service.failure(&self.sent.how, expected, self.event.to_string(), perhaps);
        self.sent.or_only_difference(failure)
    }
}

impl Sent {
    /// The cause, where only this caller's requests are logged in another way.
    pub fn or_only_difference(&self, failure: Failure) -> Failure {
        match &self.difference {
            None => failure,
            Some(it) => failure.perhaps(format!(
                "a plain request is logged as expected, and the only difference is {it}"
            )),
        }
    }
}

pub fn check_all(service: &RunningService) -> Option<Vec<Logged>> {
    let results = service.context.results;
    let logged = results.check(row::LOGS_EACH_REQUEST, || each_has_one(service))?;
    results.check(row::SAYS_WHICH_REQUEST, || {
        logged.iter().try_for_each(|it| says_which(service, it))?;
        strangers_share_a_route(service, &logged)
    });
    results.check(row::SAYS_HOW_IT_ENDED, || {
        logged.iter().try_for_each(|it| says_how(service, it))
    });
    Some(logged)
}

fn each_has_one(service: &RunningService) -> Result<Vec<Logged>, Failure> {
    let first = service.program.log.count();
    let sent = traffic::send(service)?;
    poll::is_done(ARRIVAL, PACE, || {
        let events = service.events_from(first);
        let is_there = |sent: &Sent| events.iter().any(|event| event.holds(&sent.mark));
        sent.iter().all(is_there)
    });
    service.program.log.wait_for_quiet();
    let events = service.events_from(first);
    let logged = sent.into_iter().map(|sent| has_one(service, sent, &events));
    logged.collect()
}

fn has_one(service: &RunningService, sent: Sent, events: &[Event]) -> Result<Logged, Failure> {
    let about = |event: &&Event| event.holds(&sent.mark);
    let about: Vec<&Event> = events.iter().filter(about).collect();
    let (found, perhaps) = match about.as_slice() {
        [event] => {
            let event = (*event).clone();
            return Ok(Logged { sent, event });
        }
        [] => (
            format!("{}, and {}", sent.status, service.instead_of(&sent.mark)),
            match sent.status {
                404 => "a request for which there is no route is a request, too",
                500.. => "those that failed are the ones that one looks for",
                _ => "nothing is logged about it, or below the level INFO",
            },
        ),
        [first, second, ..] => (
            format!("{} events:\n{first}\n{second}", about.len()),
            "each request is logged twice, and is counted twice later",
        ),
    };
    Err(sent.or_only_difference(service.failure(
        &sent.how,
        format!("exactly one event about {} {}", sent.method, sent.path),
        found,
        perhaps,
    )))
}

fn says_which(service: &RunningService, it: &Logged) -> Result<(), Failure> {
    let Logged { sent, event } = it;
    let Sent { method, path, .. } = sent;
    let failed = |expected: String, perhaps: &str| Err(it.failure(service, expected, perhaps));
    if event.text("method") != *method {
        let perhaps = match event.field("method") {
            Value::Number(_) => "a text stays a text, also where it looks like a number",
            _ => "method is a field of its own",
        };
        return failed(format!("method: {method:?}"), perhaps);
    }
    // That the query is not logged is the concern of another check.
    if event.text("path").split('?').next() != Some(path) {
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
    let unmatched = path[1..] == sent.mark;
    if unmatched && route.as_str().is_some_and(|route| route.contains(path)) {
        return failed(
            "route: the same for all paths that no route takes".to_owned(),
            "where there is no pattern, the path stands in for it: then each is a route",
        );
    }
    Ok(())
}

/// All requests that no route takes say the same, whatever their method and their path.
fn strangers_share_a_route(service: &RunningService, logged: &[Logged]) -> Result<(), Failure> {
    let is_stranger = |it: &&Logged| it.sent.path[1..] == it.sent.mark;
    let mut strangers = logged.iter().filter(is_stranger);
    let first = strangers.next().map(|it| it.event.field("route"));
    let Some(other) = strangers.find(|it| Some(it.event.field("route")) != first) else {
        return Ok(());
    };
    Err(other.failure(
        service,
        format!(
            "route: {}, as for all others that no route takes",
            first.unwrap_or(&Value::Null)
        ),
        "one fixed word: what else differs between them has fields of its own",
    ))
}

fn says_how(service: &RunningService, it: &Logged) -> Result<(), Failure> {
    let Logged { sent, event } = it;
    let failed = |expected: String, perhaps: &str| Err(it.failure(service, expected, perhaps));
    let number = |name: &str| event.field(name).as_u64();
    if number("status") != Some(sent.status.into()) {
        return failed(
            format!("status: {}", sent.status),
            match event.field("status") {
                Value::Null => "there is no field \"status\"",
                Value::String(_) => "a number: so that one can ask for all that are 500 or more",
                _ => "it was answered with another one",
            },
        );
    }
    // What has no body may be 0 or nothing: a HEAD has a length, and no body.
    if sent.length > 0 && number("bytes") != Some(sent.length as u64) {
        return failed(
            format!("bytes: {}", sent.length),
            "bytes is how long the body of the answer is, as a number",
        );
    }
    Ok(())
}

/// How long each took, as far as its caller can tell: a number, and no more than the caller has waited.
pub fn say_how_long(service: &RunningService, logged: &[Logged]) -> Result<(), Failure> {
    // First those that ask no database: another unit shows best where the least time is taken.
    let (asking, others): (Vec<_>, Vec<_>) = logged
        .iter()
        .partition(|it| it.sent.path.starts_with("/readings"));
    others.into_iter().chain(asking).try_for_each(|it| {
        let most = it.sent.took.as_secs_f64() * 1000.0 + ROUNDED;
        let said = it.event.field("duration_ms");
        let perhaps = match said.as_f64() {
            Some(said) if (0.0..=most).contains(&said) => return Ok(()),
            Some(said) if said < 0.0 => "the later time is subtracted from the earlier one",
            Some(_) => "this is another unit for some of the requests, or another beginning",
            None if said.is_string() => "a number, with its unit in the name of the field: then it can be compared",
            None => "some requests have no \"duration_ms\": those that fail, or have no body, take their time, too",
        };
        let expected = format!(
            "duration_ms: at most the {} ms that the caller waited for {}",
            varying("some", format!("{most:.0}")),
            status_line(it.sent.status),
        );
        Err(it.failure(service, expected, perhaps))
    })
}
