//! `docker stop`, while a request is under way.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    thread,
    time::Duration,
};

use super::{context::Context, row};
use crate::{
    check::{Failure, Stop},
    harness::{
        http::{self, ANSWER_LIMIT, status_line},
        poll,
        raw_http::{Connection, Reply},
        text::printable,
        threads::joined,
    },
    tools::compose::{APP, Container, Ran},
};

/// The grace period before Docker kills it. Docker's default is 10 s. Our request under way takes 1 s.
const PATIENCE: &str = "8";

/// [`PATIENCE`], plus the time that Docker itself needs.
const STOP_LIMIT: Duration = Duration::from_secs(30);

/// The time limit for the server to stop listening after the signal.
const SHOWS_WITHIN: Duration = Duration::from_secs(2);

const PACE: Duration = Duration::from_millis(50);

/// The head of a request with a body of two characters, and the first of these. `{}` is rejected without asking the database.
const HEAD: &str = "POST /readings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n{";

pub fn check_all(context: &Context) -> Result<(), Stop> {
    if !context.results.passed(row::IS_HEALTHY) {
        return Ok(());
    }
    let (stop, answer) = stop_meanwhile(context);
    let (stop, container) = (stop?, context.project.container(APP)?);
    context.check(row::STOPS_ON_SIGTERM, |context| {
        ends_well(context, &stop, &container)
    })?;
    context.check(row::FINISHES_WHAT_IT_BEGAN, |context| {
        was_answered(context, answer)
    })
}

/// Begins a request, has the container stopped, and then goes on with the request.
fn stop_meanwhile(context: &Context) -> (anyhow::Result<Ran>, io::Result<Reply>) {
    let container = context.project.container_name(APP);
    let port = context.project.port();
    let begun = begin(port);
    thread::scope(|scope| {
        let stop = scope.spawn(|| {
            let arguments = ["stop", "--time", PATIENCE, &container];
            context.project.docker(&arguments, STOP_LIMIT)
        });
        wait_until_it_shows(port);
        let answer = begun.and_then(finish);
        let stop = joined(stop);
        (stop, answer)
    })
}

/// Sends half a request, and waits until the server is at it: it says so before it reads a body that is announced.
fn begin(port: u16) -> io::Result<Connection> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut connection = Connection::open(address, ANSWER_LIMIT)?;
    connection.send(HEAD.as_bytes())?;
    match connection.answer()?.status {
        100 => Ok(connection),
        other => {
            let found = status_line(other);
            Err(io::Error::other(format!("{found}, where 100 was due")))
        }
    }
}

/// Sends the other half.
fn finish(mut connection: Connection) -> io::Result<Reply> {
    connection.send(b"}")?;
    connection.answer()
}

/// Waits until new requests are refused. If the signal is ignored, that never happens.
fn wait_until_it_shows(port: u16) {
    let url = format!("http://127.0.0.1:{port}/health");
    poll::is_done(SHOWS_WITHIN, PACE, || {
        http::ask("GET", &url, ANSWER_LIMIT).is_err()
    });
}

fn ends_well(context: &Context, stop: &Ran, container: &Container) -> Result<(), Stop> {
    let state = &container.state;
    let (found, perhaps) = match state.exit_code {
        _ if !stop.ok || state.running => {
            return Err(anyhow::anyhow!("docker stop: {}", stop.said.trim_end()).into());
        }
        0 => return Ok(()),
        137 => (
            format!("exit code 137: killed, {PATIENCE} s after SIGTERM"),
            "SIGTERM goes to the first process: is that your program, or a shell that keeps it?",
        ),
        143 => (
            "exit code 143: SIGTERM ended it at once".to_owned(),
            "the program does not hear the signal, and has no time to finish anything",
        ),
        code => (
            format!("exit code {code}"),
            "its end went wrong: the log says how",
        ),
    };
    let compose = &context.compose;
    let how = format!("{compose} up --build --wait\ntime {compose} stop {APP}\n{compose} ps --all");
    Err(Failure::new("exit code 0, soon after SIGTERM", found, how)
        .perhaps(perhaps)
        .into())
}

fn was_answered(context: &Context, answer: io::Result<Reply>) -> Result<(), Stop> {
    let Err(error) = answer else {
        return Ok(());
    };
    let compose = &context.compose;
    let how = format!(
        "{compose} up --build --wait\n(printf '{{'; sleep 5; printf '}}') | curl -i -T - -X POST -H 'Content-Type: application/json' http://127.0.0.1:8000/readings &\n{compose} stop {APP}"
    );
    let perhaps =
        "the server does not wait: which signal does it get, and what is its shutdown_timeout?";
    Err(Failure::new(
        "an answer to the request that was half sent when SIGTERM came",
        format!("no answer: {}", printable(&error.to_string())),
        how,
    )
    .perhaps(perhaps)
    .into())
}
