//! The command of the HEALTHCHECK, run once beside a server that answers 503: its exit code is what Docker would see.

use std::time::Duration;

use super::{context::Context, docker_output::last_line};
use crate::{
    check::{Failure, Stop},
    harness::poll,
    tools::container,
};

/// Answers every request on port 8000 with 503. The database's image has Perl; the program's may have nothing at all.
const SERVER: &str = r#"use Socket; alarm 120; socket S, PF_INET, SOCK_STREAM, 0; setsockopt S, SOL_SOCKET, SO_REUSEADDR, 1; bind S, sockaddr_in(8000, INADDR_ANY) or die; listen S, 16; print STDERR "listening\n"; while (accept C, S) { sysread C, $_, 4096; syswrite C, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"; close C }"#;

/// The time limit for starting a container, on a busy machine.
const START_LIMIT: Duration = Duration::from_secs(60);

const PACE: Duration = Duration::from_millis(100);

/// The exit codes of `docker run` when it could not run the command.
const NOT_RUN: std::ops::RangeInclusive<i32> = 125..=127;

/// The exit code that Docker reserves.
const RESERVED: i32 = 2;

pub fn is_noticed(context: &Context) -> Result<(), Stop> {
    let project = &context.project;
    let (server, _guard) = container::name()?;
    start(context, &server)?;
    let config = project.image_config()?;
    let probe = config.probe();
    let Some((program, rest)) = probe.split_first() else {
        return Err(anyhow::anyhow!("a HEALTHCHECK without a command").into());
    };
    let network = format!("--network=container:{server}");
    let mut arguments = vec![
        "run",
        "--rm",
        &network,
        "--entrypoint",
        program,
        project.image(),
    ];
    arguments.extend(rest.iter().map(String::as_str));
    let ran = project.docker(&arguments, START_LIMIT)?;
    let (found, perhaps) = match ran.code {
        Some(0) => (
            "exit code 0: healthy".to_owned(),
            match probe.join(" ") {
                line if line.contains("curl") && !line.contains(" || true") => {
                    "without -f, curl succeeds whenever an answer comes, whatever its status"
                }
                _ => "the probe succeeds whatever the answer is",
            },
        ),
        Some(RESERVED) => (
            format!("exit code 2: {}", last_line(&ran.said)),
            "Docker reserves exit code 2: everything but healthy is 1",
        ),
        Some(code) if NOT_RUN.contains(&code) => (
            format!("it could not be run: {}", last_line(&ran.said)),
            "the command is not in the image",
        ),
        // It takes too long: Docker would call that unhealthy, too.
        Some(_) | None => return Ok(()),
    };
    let how = format!(
        "{} -t mine\ncargo verify server 503 --port 8000\ndocker run --rm --network=host --entrypoint={}; echo $?\n(each in a terminal of its own; Docker Desktop has to be allowed host networking first)",
        context.build,
        typed(program, rest),
    );
    Err(Failure::new(
        "exit code 1, while /health answers 503 Service Unavailable",
        found,
        how,
    )
    .perhaps(perhaps)
    .into())
}

/// Starts the server in a container of this name, and waits until it listens.
fn start(context: &Context, name: &str) -> Result<(), Stop> {
    let project = &context.project;
    let image = project.database_image()?;
    let arguments = [
        "run",
        "--detach",
        "--rm",
        "--network=none",
        "--user=65532",
        "--name",
        name,
        "--entrypoint=perl",
        &image,
        "-e",
        SERVER,
    ];
    let started = project.docker(&arguments, START_LIMIT)?;
    let log = poll::latest(
        START_LIMIT,
        PACE,
        || project.docker(&["logs", name], START_LIMIT),
        |log| log.said.contains("listening") || !log.ok,
    )?;
    if log.said.contains("listening") {
        return Ok(());
    }
    Err(anyhow::anyhow!("no server in a container: {} {}", started.said, log.said).into())
}

/// The probe's command after `--entrypoint=`, as it is typed.
fn typed(program: &str, rest: &[String]) -> String {
    let quoted = rest
        .iter()
        .map(|word| format!("'{}'", word.replace('\'', r"'\''")));
    let words: Vec<String> = [program.to_owned(), "mine".to_owned()]
        .into_iter()
        .chain(quoted)
        .collect();
    words.join(" ")
}
