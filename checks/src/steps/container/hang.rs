//! A program that hangs: it still runs, still listens, and never answers.

use std::time::Duration;

use super::{context::Context, docker_output::described};
use crate::{
    check::{Failure, Stop},
    harness::poll,
    tools::compose::{APP, Health, Probe, Ran},
};

/// The time limit for noticing a hang, or its end. With the times of our overlay, a probe without its own timeout
/// takes 11 s, the solution's 5 s.
pub const LIMIT: Duration = Duration::from_secs(20);

/// Polling interval.
const PACE: Duration = Duration::from_millis(200);

/// The time limit for starting a container that sends signals. Usually it takes a second; while the machine was building
/// images it has taken half a minute.
const SIGNAL_LIMIT: Duration = Duration::from_secs(180);

/// What that container prints when it has sent them.
const SENT: &str = "sent";

pub fn is_noticed(context: &Context) -> Result<(), Stop> {
    signal_all(context, "STOP")?;
    let hanging = wait_for(context, APP, "unhealthy")?;
    signal_all(context, "CONT")?;
    let (expected, health, perhaps) = if hanging.status != "unhealthy" {
        let expected = "unhealthy, because the program does not answer any more";
        let ended_well = |probe: &Probe| probe.exit_code == 0;
        let perhaps = hanging.probes().last().is_some_and(ended_well).then_some(
            "the probe succeeds without an answer: the kernel accepts connections for a program that hangs",
        );
        (expected, hanging, perhaps)
    } else {
        let again = wait_for(context, APP, "healthy")?;
        if again.status == "healthy" {
            return Ok(());
        }
        ("healthy again, because the program goes on", again, None)
    };
    let found = format!(
        "after {LIMIT:?} still {}{}",
        health.status,
        described(health.probes().last())
    );
    let compose = &context.compose;
    let how = format!(
        "{compose} up --build --wait\n{compose} kill -s STOP {APP}\nsleep 105; {compose} ps\n{compose} kill -s CONT {APP}\n(your three probes take up to 105 s; the self-check has made them faster)"
    );
    Err(Failure::new(expected, found, how)
        .perhaps_if(perhaps)
        .into())
}

/// Sends a signal to every process of the container, but not to later probes. (`docker pause` would stop those too.)
fn signal_all(context: &Context, signal: &str) -> Result<(), Stop> {
    context.project.signal(signal)?;
    // The first process may be an init that merely supervises the program. Signals from outside reach only the first, so the
    // others get theirs from a container in the same PID namespace. It has the database's image: the program's may have no shell.
    let container = context.project.container_name(APP);
    let processes = context
        .project
        .docker(&["top", &container, "-o", "pid"], SIGNAL_LIMIT)?;
    ensure(&processes, processes.ok)?;
    if processes.stdout.lines().count() > 2 {
        let namespace = format!("container:{container}");
        // `kill` fails if a process is already gone: a probe that has just ended, say.
        let kill = format!("kill -s {signal} -- -1; echo {SENT}");
        let image = context.project.database_image()?;
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
        let ran = context.project.docker(&arguments, SIGNAL_LIMIT)?;
        ensure(&ran, ran.stdout.contains(SENT))?;
    }
    Ok(())
}

/// A signal that has not arrived yet must not be mistaken for a program that survives it.
fn ensure(ran: &Ran, sent: bool) -> Result<(), Stop> {
    if sent {
        Ok(())
    } else {
        Err(anyhow::anyhow!(
            "Docker cannot send the container's processes a signal: {}",
            ran.said.trim_end()
        )
        .into())
    }
}

/// Waits for a health state, and returns the last one seen: another one if it was never reached.
pub fn wait_for(context: &Context, service: &str, state: &str) -> Result<Health, Stop> {
    poll::latest(
        LIMIT,
        PACE,
        || health(context, service),
        |health| health.status == state,
    )
}

/// The current health of a service.
pub fn health(context: &Context, service: &str) -> Result<Health, Stop> {
    let container = context.project.container(service)?;
    let health = container.state.health;
    Ok(health.ok_or_else(|| anyhow::anyhow!("a container that was healthy has no health"))?)
}
