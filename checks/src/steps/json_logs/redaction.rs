//! What is never logged: secrets, wherever a request holds them, however it ends, and whatever `RUST_LOG` says.

use std::{io, thread};

use super::{
    row,
    secrets::Carrier,
    service::{RunningService, curl},
};
use crate::{
    check::Failure,
    harness::{
        fake_postgres::{FakePostgres, State},
        http::{self, ANSWER_LIMIT},
        raw_http::{Connection, Reply},
        text::printable,
    },
};

/// Mistakes of callers, good requests, and probes: each with the body that it sends.
const WELL: [(&str, &str, &str); 14] = [
    ("GET", "/", ""),
    ("HEAD", "/", ""),
    ("POST", "/", "{}"),
    ("OPTIONS", "/", ""),
    ("GET", READING, ""),
    ("DELETE", READING, ""),
    ("POST", "/readings", "{}"),
    ("POST", "/drill/errors?ratio=much", ""),
    ("POST", "/drill/reset", ""),
    ("POST", "/drill/log", "1"),
    ("GET", "/health", ""),
    ("HEAD", "/health", ""),
    ("GET", "/health/db", ""),
    ("GET", "/metrics", ""),
];

const READING: &str = "/readings/attic";

/// What makes the readings fail with 500, and what ends that.
const FAIL: &str = "/drill/errors?ratio=1";
const HEAL: &str = "/drill/errors?ratio=0";

/// Looks at `service`, which logs INFO, and at another program, which logs everything.
pub fn check_all(service: &RunningService) -> io::Result<()> {
    let context = service.context;
    let server = FakePostgres::start(State::Up)?;
    context.results.check(row::KEEPS_SECRETS_OUT, || {
        has_none(service, &send(service, "GET", READING, ""))?;
        let url = server.url("me:secret", "readings");
        let launch = context.launch().database(url, State::Up);
        let settings = [("RUST_LOG", "trace"), ("DRILL", "1")];
        let service = context.start(launch.settings(&settings))?;
        let mut sent = Vec::new();
        for (method, target, body) in WELL {
            sent.extend(send(&service, method, target, body));
        }
        sent.extend(failing(&service));
        server.switch(State::Refusing);
        sent.extend(without_database(&service));
        // A panic comes last: whether the program goes on is the concern of another check.
        sent.extend(send(&service, "POST", "/drill/panic", ""));
        has_none(&service, &sent)
    });
    Ok(())
}

/// Sends it with a secret in each place, one after the other.
fn send(
    service: &RunningService,
    method: &'static str,
    target: &str,
    body: &'static str,
) -> Vec<Carrier> {
    let carriers = Carrier::for_each_place(method, target, body);
    for carrier in &carriers {
        carry(service, carrier);
    }
    carriers
}

/// Whether it is answered is the concern of other checks.
fn carry(service: &RunningService, carrier: &Carrier) {
    if carrier.is_a_whole_url() {
        let _ = carry_as_written(service, carrier);
        return;
    }
    let headers = carrier.headers();
    let url = service.program.url(&carrier.target);
    let _ = http::send(carrier.method, &url, &headers, carrier.body, ANSWER_LIMIT);
}

/// With the target as it stands there, which no HTTP library sends.
fn carry_as_written(service: &RunningService, carrier: &Carrier) -> io::Result<Reply> {
    let Carrier {
        method,
        target,
        body,
        ..
    } = carrier;
    let mut connection = Connection::open(service.program.address(), ANSWER_LIMIT)?;
    match *body {
        "" => connection.ask(method, target, ""),
        json => connection.post(target, json),
    }
}

/// While readings fail with 500.
fn failing(service: &RunningService) -> Vec<Carrier> {
    let _ = service.ask("POST", FAIL, &[], "");
    let mut sent = send(service, "GET", READING, "");
    sent.extend(send(service, "POST", "/readings", "{}"));
    let _ = service.ask("POST", HEAL, &[], "");
    for carrier in &mut sent {
        carrier.before = format!("{}\n", curl("POST", FAIL, ""));
    }
    sent
}

/// While the database refuses connections: all at once, because each waits for it.
fn without_database(service: &RunningService) -> Vec<Carrier> {
    let mut sent = Carrier::for_each_place("GET", READING, "");
    sent.extend(Carrier::for_each_place("GET", "/health/db", ""));
    for carrier in &mut sent {
        carrier.database = State::Refusing;
    }
    thread::scope(|scope| {
        for carrier in &sent {
            scope.spawn(|| carry(service, carrier));
        }
    });
    sent
}

/// Looks for each secret in the whole log.
fn has_none(service: &RunningService, sent: &[Carrier]) -> Result<(), Failure> {
    service.program.log.wait_for_quiet();
    let lines = service.program.log.lines(0);
    for carrier in sent {
        if let Some(line) = lines.iter().find(|line| carrier.is_told_by(&line.text)) {
            let launch = service.launch.while_database_is(carrier.database.clone());
            return Err(Failure::new(
                format!("no line that holds the secret {}", carrier.forms[0]),
                printable(&line.text),
                launch.then(&format!("{}{}", carrier.before, carrier.command())),
            )
            .perhaps(carrier.perhaps));
        }
    }
    Ok(())
}
