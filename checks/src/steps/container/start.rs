//! From a Dockerfile to a healthy container, layer by layer: the first broken one is reported.

use super::{
    context::Context,
    docker_output::{described, likely_cause, of_the_failed_step, tail},
};
use crate::{
    check::{Failure, Stop},
    tools::{
        compose::{APP, Ran, Row, UP_LIMIT},
        docker,
    },
};

/// The number of lines shown from the end of a build: what failed, and where.
const BUILD_LINES: usize = 25;

/// The number of lines shown from the end of other output.
const LINES: usize = 6;

/// The state of a container without a health check.
const NO_HEALTH: &str = "running, and nothing says whether it is healthy";

/// Whether an image can be built, and a container of it runs.
pub fn runs(context: &Context) -> Result<(), Stop> {
    let config = context.project.config()?;
    layer(
        context,
        &config,
        "config --quiet",
        "a compose.yaml that Compose understands",
    )?;
    let build = context.project.build()?;
    layer(
        context,
        &build,
        "build",
        "a Dockerfile that an image can be built from",
    )?;
    let create = context.project.create()?;
    layer(
        context,
        &create,
        "create",
        "containers that can be made from it",
    )?;
    let up = context.project.up()?;
    let (found, perhaps) = match app(context)? {
        Some(app) if app.state == "running" => return Ok(()),
        Some(app) if app.state != "created" => ended(context, &app)?,
        _ => {
            layer(
                context,
                &up,
                "up --wait",
                "a container that Compose can start",
            )?;
            (
                "docker compose up made no container for it".to_owned(),
                None,
            )
        }
    };
    let compose = &context.compose;
    let how = format!("{compose} up --build --wait\n{compose} ps --all\n{compose} logs {APP}");
    Err(Failure::new("a container that runs", found, how)
        .perhaps_if(perhaps)
        .into())
}

/// Whether the container that runs is healthy.
pub fn is_healthy(context: &Context) -> Result<(), Stop> {
    let (found, perhaps) = match app(context)? {
        Some(app) if app.state == "running" && app.health == "healthy" => return Ok(()),
        Some(app) if app.state == "running" => not_healthy(context, &app)?,
        Some(app) => ended(context, &app)?,
        None => ("its container is gone".to_owned(), None),
    };
    let compose = &context.compose;
    let how = format!(
        "{compose} up --build --wait\n{compose} ps\ndocker inspect -f '{{{{json .State.Health}}}}' $({compose} ps -q {APP})"
    );
    Err(Failure::new("docker compose ps: healthy", found, how)
        .perhaps_if(perhaps)
        .into())
}

fn app(context: &Context) -> anyhow::Result<Option<Row>> {
    let rows = context.project.ps()?;
    Ok(rows.into_iter().find(|row| row.service == APP))
}

/// The container runs, but is not healthy, or has no health check.
fn not_healthy(context: &Context, app: &Row) -> Result<(String, Option<String>), Stop> {
    if app.health.is_empty() {
        let perhaps =
            "the image has no HEALTHCHECK: Docker knows only that the process has not ended";
        return Ok((NO_HEALTH.to_owned(), Some(perhaps.to_owned())));
    }
    let container = context.project.container(APP)?;
    let probes = container.state.health.as_ref();
    let last = probes.and_then(|health| health.probes().last());
    let state = match app.health.as_str() {
        "starting" => format!("still starting after {UP_LIMIT:?}"),
        other => other.to_owned(),
    };
    Ok((
        format!("{state}{}", described(last)),
        last.and_then(likely_cause),
    ))
}

/// The container has exited, or keeps restarting.
fn ended(context: &Context, app: &Row) -> Result<(String, Option<String>), Stop> {
    let log = context.project.log(APP, LINES)?;
    let found = format!(
        "{}, with exit code {}{}",
        app.state,
        app.exit_code,
        tail("its last lines of log:", &log, LINES)
    );
    let perhaps = match app.exit_code {
        126 | 127 => "what ENTRYPOINT names is not in the image, or is no program there",
        137 => "it was killed: the memory limit of compose.yaml is 128M",
        0 => "it did what it was told and ended: a service does not end",
        _ => "it panicked, or it refused a setting: the log says which",
    };
    Ok((found, Some(perhaps.to_owned())))
}

/// The result of a Docker command. Its failure may be due to the machine or to the learner's files.
fn layer(context: &Context, ran: &Ran, command: &str, expected: &str) -> Result<(), Stop> {
    if ran.ok {
        return Ok(());
    }
    if let Some(blocked) = docker::trouble(&ran.said) {
        return Err(Stop::Blocked(blocked));
    }
    let (said, lines) = match command {
        "build" => (of_the_failed_step(&ran.said), BUILD_LINES),
        _ => (context.project.without_name(&ran.said), LINES),
    };
    let end = match ran.overran {
        Some(limit) => format!("it was not through after {limit:?}, and was ended"),
        None => format!("docker compose {command} failed"),
    };
    Err(Failure::new(
        expected,
        format!("{end}{}", tail("", &said, lines)),
        format!("{} {command}", context.compose),
    )
    .into())
}
