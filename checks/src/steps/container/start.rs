//! From a Dockerfile to a container that is healthy: the layers, each of which can be the first that is broken.

use super::{
    scene::{Scene, Trouble, failure},
    words::{described, likely_cause, of_the_failed_step, tail},
};
use crate::{
    check::Failure,
    compose::{APP, Ran, Row, UP_LIMIT},
    docker,
};

/// How many of the last lines of a build are shown: what failed, and where.
const BUILD_LINES: usize = 25;

/// How many of the last lines of other output are shown.
const LINES: usize = 6;

/// Begins what is found about a step that nobody has begun.
pub const NO_HEALTH: &str = "running, and nothing says whether it is healthy";

pub fn is_healthy(scene: &Scene) -> Result<(), Trouble> {
    let config = scene.project.config()?;
    layer(
        scene,
        &config,
        "config --quiet",
        "a compose.yaml that Compose understands",
    )?;
    let build = scene.project.build()?;
    layer(
        scene,
        &build,
        "build",
        "a Dockerfile that an image can be built from",
    )?;
    let create = scene.project.create()?;
    layer(
        scene,
        &create,
        "create",
        "containers that can be made from it",
    )?;
    let up = scene.project.up()?;
    let rows = scene.project.ps()?;
    let app = rows.iter().find(|row| row.service == APP);
    let (found, perhaps) = match app {
        Some(app) if app.state == "running" && app.health == "healthy" => return Ok(()),
        Some(app) if app.state == "running" => not_healthy(scene, app)?,
        Some(app) if app.state != "created" => ended(scene, app)?,
        _ => {
            layer(
                scene,
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
    let failure = failure(
        "docker compose ps: healthy",
        found,
        format!(
            "{0} up --build --wait\n{0} ps\n{0} logs {APP}",
            scene.compose
        ),
    );
    Err(Failure { perhaps, ..failure }.into())
}

/// The container runs, but is not healthy, or nobody knows.
fn not_healthy(scene: &Scene, app: &Row) -> Result<(String, Option<String>), Trouble> {
    if app.health.is_empty() {
        let perhaps =
            "the image has no HEALTHCHECK: Docker knows only that the process has not ended";
        return Ok((NO_HEALTH.to_owned(), Some(perhaps.to_owned())));
    }
    let container = scene.project.container(APP)?;
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

/// The container has ended, or does so again and again.
fn ended(scene: &Scene, app: &Row) -> Result<(String, Option<String>), Trouble> {
    let log = scene.project.log(APP, LINES)?;
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

/// One thing that Docker was asked to do. That it could not may lie at the machine, or at the learner's files.
fn layer(scene: &Scene, ran: &Ran, command: &str, expected: &str) -> Result<(), Trouble> {
    if ran.ok {
        return Ok(());
    }
    if let Some(blocked) = docker::trouble(&ran.said) {
        return Err(Trouble::Blocked(blocked));
    }
    let (said, lines) = match command {
        "build" => (of_the_failed_step(&ran.said), BUILD_LINES),
        _ => (scene.project.without_name(&ran.said), LINES),
    };
    let end = match ran.overran {
        Some(limit) => format!("it was not through after {limit:?}, and was ended"),
        None => format!("docker compose {command} failed"),
    };
    Err(failure(
        expected,
        format!("{end}{}", tail("", &said, lines)),
        format!("{} {command}", scene.compose),
    )
    .into())
}
