//! The database goes, and the program's container has nothing to do with it.

use std::{
    thread,
    time::{Duration, Instant},
};

use super::{
    hang::health,
    scene::{Scene, Trouble, failure},
    words::described,
};
use crate::{
    check::Failure,
    compose::{APP, Health},
};

/// How many probes are watched: one more than makes it unhealthy with the times of our overlay.
const PROBES: usize = 3;

/// How long they may take: mostly 2 s, but each has a timeout of 5 s.
const LIMIT: Duration = Duration::from_secs(30);

/// How often Docker is asked meanwhile. Docker keeps five probes, so none is missed.
const PACE: Duration = Duration::from_millis(200);

pub fn is_ignored(scene: &Scene) -> Result<(), Trouble> {
    scene.project.kill("db")?;
    let before = health(scene, APP)?;
    // The one that is under way now does not count.
    let known = before.probes().last().map(|probe| probe.start.clone());
    let give_up = Instant::now() + LIMIT;
    loop {
        let health = health(scene, APP)?;
        if health.status != "healthy" {
            return Err(follows(scene, &health).into());
        }
        let new = health
            .probes()
            .iter()
            .rev()
            .take_while(|probe| Some(&probe.start) != known.as_ref());
        if new.count() > PROBES {
            return Ok(());
        }
        if Instant::now() > give_up {
            return Err(anyhow::anyhow!(
                "Docker made fewer than {PROBES} probes within {LIMIT:?}: the machine is too busy"
            )
            .into());
        }
        thread::sleep(PACE);
    }
}

fn follows(scene: &Scene, health: &Health) -> Failure {
    let compose = &scene.compose;
    let failed = health
        .probes()
        .iter()
        .rev()
        .find(|probe| probe.exit_code != 0);
    let how = format!(
        "{compose} up --build --wait\n{compose} kill db\n{compose} ps   (after three probes; ours came faster than yours)"
    );
    Failure {
        perhaps: Some(
            "the probe asks for the database too: a new container would have no more of it"
                .to_owned(),
        ),
        ..failure(
            "healthy, while only the database is gone",
            format!("{}{}", health.status, described(failed)),
            how,
        )
    }
}
