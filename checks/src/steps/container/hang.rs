//! A program that hangs: it still runs, still listens, and never answers.

use std::{
    thread,
    time::{Duration, Instant},
};

use super::{
    scene::{Scene, Trouble, failure},
    words::described,
};
use crate::{
    check::Failure,
    compose::{APP, Health, Ran},
};

/// How long it may take until a hang is noticed, or its end. With the times of our overlay a probe without a bound of its own
/// takes 11 s, the solution's 5 s.
pub const LIMIT: Duration = Duration::from_secs(20);

/// How often Docker is asked meanwhile.
const PACE: Duration = Duration::from_millis(200);

/// How long Docker may take to start a container that sends signals. A second, mostly; on a machine that builds images meanwhile
/// it has taken half a minute.
const SIGNAL_LIMIT: Duration = Duration::from_secs(180);

/// What that container says when it has sent them.
const SENT: &str = "sent";

pub fn is_noticed(scene: &Scene) -> Result<(), Trouble> {
    everybody(scene, "STOP")?;
    let noticed = wait_for(scene, APP, "unhealthy")?;
    everybody(scene, "CONT")?;
    let (expected, health, perhaps) = match noticed {
        Ok(()) => match wait_for(scene, APP, "healthy")? {
            Ok(()) => return Ok(()),
            Err(health) => ("healthy again once it goes on", health, None),
        },
        Err(health) => {
            let perhaps = match health.probes().last() {
                Some(probe) if probe.exit_code == 0 => Some(
                    "the probe says 0 whatever happens: does it ask, and does anybody see the answer?",
                ),
                _ => None,
            };
            (
                "unhealthy, once the program answers no more",
                health,
                perhaps,
            )
        }
    };
    let found = format!(
        "after {LIMIT:?} still {}{}",
        health.status,
        described(health.probes().last())
    );
    let compose = &scene.compose;
    let how = format!(
        "{compose} up --build --wait\n{compose} kill -s STOP {APP}   (later: kill -s CONT)\n{compose} ps   (after three probes; ours came faster than yours)"
    );
    Err(Failure {
        perhaps: perhaps.map(str::to_owned),
        ..failure(expected, found, how)
    }
    .into())
}

/// Sends every process of the container a signal; not the probes that come later. (`docker pause` would stop those too.)
fn everybody(scene: &Scene, signal: &str) -> Result<(), Trouble> {
    scene.project.signal(signal)?;
    // The first process may be an init that only looks after the program. Signals from outside reach the first alone, so the
    // others get theirs from a process of the same container: of the database's image, since the program's may have no shell.
    let container = scene.project.container_name(APP);
    let processes = scene
        .project
        .docker(&["top", &container, "-o", "pid"], SIGNAL_LIMIT)?;
    ensure(&processes, processes.ok)?;
    if processes.stdout.lines().count() > 2 {
        let namespace = format!("container:{container}");
        // The kill alone fails when it finds nobody: a probe that was there a moment ago, say.
        let kill = format!("kill -s {signal} -- -1; echo {SENT}");
        let image = scene.project.database_image()?;
        let arguments = [
            "run",
            "--rm",
            "--network",
            "none",
            "--user",
            "0",
            "--pid",
            &namespace,
            "--entrypoint",
            "sh",
            &image,
            "-c",
            &kill,
        ];
        let ran = scene.project.docker(&arguments, SIGNAL_LIMIT)?;
        ensure(&ran, ran.stdout.contains(SENT))?;
    }
    Ok(())
}

/// A signal that has not arrived, or not yet, must not be taken for a program that bears it.
fn ensure(ran: &Ran, sent: bool) -> Result<(), Trouble> {
    match sent {
        true => Ok(()),
        false => Err(anyhow::anyhow!(
            "Docker cannot send the container's processes a signal: {}",
            ran.said.trim_end()
        )
        .into()),
    }
}

/// Waits for a state of health. The inner `Err`: it did not come, and how it is instead.
pub fn wait_for(scene: &Scene, service: &str, state: &str) -> Result<Result<(), Health>, Trouble> {
    let give_up = Instant::now() + LIMIT;
    loop {
        let health = health(scene, service)?;
        if health.status == state {
            return Ok(Ok(()));
        }
        if Instant::now() > give_up {
            return Ok(Err(health));
        }
        thread::sleep(PACE);
    }
}

/// How a service is now.
pub fn health(scene: &Scene, service: &str) -> Result<Health, Trouble> {
    let container = scene.project.container(service)?;
    let health = container.state.health;
    Ok(health.ok_or_else(|| anyhow::anyhow!("a container that was healthy has no health"))?)
}
