//! `docker stop`, while a request is under way.

use std::{
    io::{self, BufRead, BufReader, ErrorKind, Read, Write},
    net::{Ipv4Addr, TcpStream},
    panic::resume_unwind,
    thread,
    time::{Duration, Instant},
};

use super::scene::{Scene, Trouble, failure};
use crate::{
    check::Failure,
    compose::{APP, Container, Ran},
    http::{self, printable},
    program::ANSWER_LIMIT,
};

/// How long it may take to end; then Docker kills it. Docker's own patience is 10 s. A request under way takes us one.
const PATIENCE: &str = "8";

/// [`PATIENCE`], and what Docker needs for the rest.
const STOP_LIMIT: Duration = Duration::from_secs(30);

/// How long it may take until the signal shows: the server stops listening.
const SHOWS_WITHIN: Duration = Duration::from_secs(2);

const PACE: Duration = Duration::from_millis(50);

/// A body of two characters, of which the second comes later. That `{}` is no reading is answered without the database.
const HEAD: &str = "POST /readings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n{";

pub fn verify(scene: &Scene) -> Result<(), Trouble> {
    if !scene.results.passed("container.is-healthy") {
        return Ok(());
    }
    let (stop, answer) = stop_meanwhile(scene);
    let (stop, container) = (stop?, scene.project.container(APP)?);
    scene.check("container.stops-on-sigterm", |scene| {
        ends_well(scene, &stop, &container)
    })?;
    scene.check("container.finishes-what-it-began", |scene| {
        was_answered(scene, answer)
    })
}

/// Begins a request, has the container stopped, and then goes on with the request.
fn stop_meanwhile(scene: &Scene) -> (anyhow::Result<Ran>, io::Result<String>) {
    let container = scene.project.container_name(APP);
    let port = scene.project.port();
    let begun = begin(port);
    thread::scope(|scope| {
        let stop = scope.spawn(|| {
            let arguments = ["stop", "--time", PATIENCE, &container];
            scene.project.docker(&arguments, STOP_LIMIT)
        });
        wait_until_it_shows(port);
        let answer = begun.and_then(finish);
        let stop = stop.join().unwrap_or_else(|panic| resume_unwind(panic));
        (stop, answer)
    })
}

/// Sends half a request, and waits until the server is at it: it says so before it reads a body that is announced.
fn begin(port: u16) -> io::Result<BufReader<TcpStream>> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(ANSWER_LIMIT))?;
    stream.write_all(HEAD.as_bytes())?;
    let mut stream = BufReader::new(stream);
    let mut go_on = String::new();
    stream.read_line(&mut go_on)?;
    stream.read_line(&mut String::new())?;
    match go_on.contains(" 100 ") {
        true => Ok(stream),
        false => Err(io::Error::other(format!("{go_on:?}, where 100 was due"))),
    }
}

/// Sends the other half. The answer is there when the server closes the connection.
fn finish(mut stream: BufReader<TcpStream>) -> io::Result<String> {
    stream.get_mut().write_all(b"}")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    match answer.starts_with("HTTP/1.1 ") {
        true => Ok(answer),
        false => Err(ErrorKind::UnexpectedEof.into()),
    }
}

/// The signal shows when nobody takes new requests any more. Where it is not heard, that never comes.
fn wait_until_it_shows(port: u16) {
    let give_up = Instant::now() + SHOWS_WITHIN;
    let url = format!("http://127.0.0.1:{port}/health");
    while http::ask("GET", &url, ANSWER_LIMIT).is_ok() && Instant::now() < give_up {
        thread::sleep(PACE);
    }
}

fn ends_well(scene: &Scene, stop: &Ran, container: &Container) -> Result<(), Trouble> {
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
    let compose = &scene.compose;
    let how = format!("{compose} up --build --wait\ntime {compose} stop {APP}\n{compose} ps --all");
    Err(Failure {
        perhaps: Some(perhaps.to_owned()),
        ..failure("exit code 0, soon after SIGTERM", found, how)
    }
    .into())
}

fn was_answered(scene: &Scene, answer: io::Result<String>) -> Result<(), Trouble> {
    let Err(error) = answer else {
        return Ok(());
    };
    let compose = &scene.compose;
    Err(Failure {
        perhaps: Some(
            "the server does not wait: which signal does it get, and what is its shutdown_timeout?".to_owned(),
        ),
        ..failure(
            "an answer to the request that was half sent when SIGTERM came",
            format!("no answer: {}", printable(&error.to_string())),
            format!(
                "{compose} up --build --wait\n(printf '{{'; sleep 5; printf '}}') | curl -i -T - -X POST -H 'Content-Type: application/json' http://127.0.0.1:8000/readings &\n{compose} stop {APP}"
            ),
        )
    }
    .into())
}
