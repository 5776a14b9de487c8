//! The database goes away, and the program's container stays healthy.

use std::time::Duration;

use super::{context::Context, docker_output::described, hang::health};
use crate::{
    check::{Failure, Stop},
    harness::poll,
    tools::compose::{APP, Health},
};

/// The number of probes to watch: one more than makes it unhealthy with the times of our overlay.
const PROBES: usize = 3;

/// The time limit for all of them: usually 2 s, but each has a timeout of 5 s.
const LIMIT: Duration = Duration::from_secs(30);

/// Polling interval. Docker keeps the last five probes, so none is missed.
const PACE: Duration = Duration::from_millis(200);

pub fn is_ignored(context: &Context) -> Result<(), Stop> {
    context.project.kill("db")?;
    let before = health(context, APP)?;
    // A probe that is already running does not count.
    let known = before.probes().last().map(|probe| probe.start.clone());
    let count_new = || {
        let health = health(context, APP)?;
        if health.status != "healthy" {
            return Err(Stop::from(follows(context, &health)));
        }
        let new = health
            .probes()
            .iter()
            .rev()
            .take_while(|probe| Some(&probe.start) != known.as_ref());
        Ok(new.count())
    };
    if poll::latest(LIMIT, PACE, count_new, |new| *new > PROBES)? > PROBES {
        return Ok(());
    }
    Err(anyhow::anyhow!(
        "Docker made fewer than {PROBES} probes within {LIMIT:?}: the machine is too busy"
    )
    .into())
}

fn follows(context: &Context, health: &Health) -> Failure {
    let compose = &context.compose;
    let failed = health
        .probes()
        .iter()
        .rev()
        .find(|probe| probe.exit_code != 0);
    let how = format!(
        "{compose} up --build --wait\n{compose} kill db\nsleep 105; {compose} ps\n(your three probes take up to 105 s; the self-check has made them faster)"
    );
    Failure::new(
        "healthy, while only the database is gone",
        format!("{}{}", health.status, described(failed)),
        how,
    )
    .perhaps("the probe asks for the database too: a new container would not bring it back")
}
