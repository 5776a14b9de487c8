//! A second container of the same image, whose program listens on the wrong port.

use super::{
    context::{Context, WRONG_PORT},
    docker_output::described,
    hang::{LIMIT, wait_for},
    row,
};
use crate::check::{Failure, Stop};

/// Starts it, unless only the Compose file has a health check: this container knows only the image's.
pub fn start(context: &Context) -> Result<(), Stop> {
    if context.results.passed(row::HEALTH_IS_IN_THE_IMAGE) {
        context.project.start(WRONG_PORT)?;
    }
    Ok(())
}

pub fn is_noticed(context: &Context) -> Result<(), Stop> {
    let health = wait_for(context, WRONG_PORT, "unhealthy")?;
    if health.status == "unhealthy" {
        return Ok(());
    }
    let probe = health.probes().last();
    let perhaps = match probe {
        Some(probe) if probe.exit_code == 0 => {
            "the command succeeds even when the probe in it fails"
        }
        _ => "the probe does not end: it has no time limit",
    };
    let found = format!(
        "after {LIMIT:?} still {}{}",
        health.status,
        described(probe)
    );
    let how = format!(
        "{} -t mine\ndocker run --rm -d --name wrong-port --env PORT=0 mine\nsleep 105; docker ps\ndocker stop wrong-port\n(PORT=0 is some free port, so no server listens where the probe asks)",
        context.build
    );
    Err(Failure::new(
        "unhealthy, because no server listens on the port",
        found,
        how,
    )
    .perhaps(perhaps)
    .into())
}
