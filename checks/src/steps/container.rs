//! Step 3: a container that knows whether it is healthy, whoever starts it.

mod database;
mod deaf;
mod figures;
mod hang;
mod outside;
mod scene;
mod start;
mod stop;
mod words;

pub use start::NO_HEALTH;

use crate::{
    check::{Check, Results},
    docker,
    verify::{Blocked, Subject},
};
use scene::{Scene, Trouble};

/// The check that all others rest on.
const HEALTHY: Option<&str> = Some("container.is-healthy");
const IN_IMAGE: Option<&str> = Some("container.health-is-in-the-image");

#[rustfmt::skip] // a table
pub const CHECKS: &[Check] = &[
    Check::new("container.is-healthy", "docker compose ps says healthy", None, "HEALTHCHECK"),
    Check::new("container.health-is-in-the-image", "the image itself has a HEALTHCHECK", HEALTHY, "HEALTHCHECK"),
    Check::new("container.asks-at-the-right-pace", "every 30 s, for 5 s, from 10 s, 3 times", IN_IMAGE, "HEALTHCHECK"),
    Check::new("container.answers-from-outside", "the published port answers /health", HEALTHY, "Nothing but the binary"),
    Check::new("container.is-not-root", "the program does not run as root", HEALTHY, "Nothing but the binary"),
    Check::new("container.notices-a-closed-port", "unhealthy when nobody listens", IN_IMAGE, "Ask yourself"),
    Check::new("container.notices-a-hang", "unhealthy when the program hangs", HEALTHY, "Ask yourself"),
    Check::new("container.ignores-the-database", "healthy while the database is gone", HEALTHY, "HEALTHCHECK"),
    Check::new("container.stops-on-sigterm", "docker stop ends it with exit code 0", HEALTHY, "Stop when asked"),
    Check::new("container.finishes-what-it-began", "a request under way is answered first", Some("container.answers-from-outside"), "Stop when asked"),
];

/// One stack, which has to go through everything: first it is well, then the program hangs, then the database goes, and at the
/// end it is asked to stop. Beside it, for a while, a container in which nobody listens.
pub fn verify(subject: &Subject, results: &Results) -> anyhow::Result<Result<(), Blocked>> {
    if let Err(blocked) = docker::engine() {
        return Ok(Err(blocked));
    }
    match look(&Scene::new(subject, results)?) {
        Ok(()) => Ok(Ok(())),
        Err(Trouble::Blocked(blocked)) => Ok(Err(blocked)),
        Err(Trouble::Broken(error)) => Err(error),
        // Each is noted where it is found.
        Err(Trouble::Failed(_)) => Ok(Ok(())),
    }
}

fn look(scene: &Scene) -> Result<(), Trouble> {
    scene.check("container.is-healthy", start::is_healthy)?;
    scene.check("container.health-is-in-the-image", figures::are_there)?;
    scene.check("container.asks-at-the-right-pace", figures::are_right)?;
    scene.check("container.answers-from-outside", outside::answers)?;
    scene.check("container.is-not-root", outside::is_not_root)?;
    deaf::start(scene)?;
    scene.check("container.notices-a-hang", hang::is_noticed)?;
    // It had its time meanwhile.
    scene.check("container.notices-a-closed-port", deaf::is_noticed)?;
    scene.check("container.ignores-the-database", database::is_ignored)?;
    stop::verify(scene)
}
