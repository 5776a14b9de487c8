//! A second container of the same image, whose program runs, but does not listen where it should.

use super::{
    hang::{LIMIT, wait_for},
    scene::{DEAF, Scene, Trouble, failure},
    words::described,
};
use crate::check::Failure;

/// Starts it. Where only the Compose file has a health check, there is nothing to look for: it knows the image alone.
pub fn start(scene: &Scene) -> Result<(), Trouble> {
    if scene.results.passed("container.health-is-in-the-image") {
        scene.project.start(DEAF)?;
    }
    Ok(())
}

pub fn is_noticed(scene: &Scene) -> Result<(), Trouble> {
    let Err(health) = wait_for(scene, DEAF, "unhealthy")? else {
        return Ok(());
    };
    let probe = health.probes().last();
    let perhaps = match probe {
        Some(probe) if probe.exit_code == 0 => {
            "the probe says 0 whatever comes back: what does Docker see of a failure?"
        }
        _ => "the probe does not end: what bounds it?",
    };
    let found = format!(
        "after {LIMIT:?} still {}{}",
        health.status,
        described(probe)
    );
    let how = format!(
        "{} -t mine\ndocker run --env PORT=0 mine   (it listens at some port then, nobody knows which)\ndocker ps   (after three probes; ours came faster than yours)",
        scene.build
    );
    Err(Failure {
        perhaps: Some(perhaps.to_owned()),
        ..failure("unhealthy, where nobody listens on the port", found, how)
    }
    .into())
}
