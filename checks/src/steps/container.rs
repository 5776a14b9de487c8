//! Step 3: a container that knows whether it is healthy, however it is started.

mod context;
mod database;
mod docker_output;
mod hang;
mod healthcheck;
mod outside;
mod probe;
mod start;
mod status_503;
mod stop;
mod wrong_port;

pub use probe::NOT_WRITTEN;

use crate::{
    check::{Results, Stop, checks},
    subject::Subject,
    tools::docker,
};
use context::Context;

checks! {
    SAYS_0_WHEN_HEALTHY = Core, "container.says-0-when-healthy", "healthcheck exits with 0 for a 200", "Ask yourself";
    SAYS_1_OTHERWISE = Core, "container.says-1-otherwise", "healthcheck exits with 1 for all else", "Ask yourself", needs SAYS_0_WHEN_HEALTHY;
    GIVES_UP_BY_ITSELF = Core, "container.gives-up-by-itself", "healthcheck waits 2 s, and no longer", "Ask yourself", needs SAYS_0_WHEN_HEALTHY;
    SAYS_WHY = Core, "container.says-why", "one line on stderr says what went wrong", "Ask yourself", needs SAYS_1_OTHERWISE;
    ASKS_ON_PORT = Core, "container.asks-on-port", "healthcheck asks 127.0.0.1 on PORT", "Ask yourself", needs SAYS_0_WHEN_HEALTHY;
    RUNS = Core, "container.runs", "the image is built, its container runs", "Nothing but the binary", needs SAYS_0_WHEN_HEALTHY;
    IS_HEALTHY = Core, "container.is-healthy", "docker compose ps says healthy", "HEALTHCHECK", needs RUNS;
    HEALTH_IS_IN_THE_IMAGE = Core, "container.health-is-in-the-image", "the image itself has a HEALTHCHECK", "HEALTHCHECK", needs IS_HEALTHY;
    ASKS_AT_THE_RIGHT_PACE = Core, "container.asks-at-the-right-pace", "the HEALTHCHECK has the lesson's times", "HEALTHCHECK", needs HEALTH_IS_IN_THE_IMAGE;
    ANSWERS_FROM_OUTSIDE = Core, "container.answers-from-outside", "the published port answers /health", "Nothing but the binary", needs IS_HEALTHY;
    IS_NOT_ROOT = Core, "container.is-not-root", "the program does not run as root", "Nothing but the binary", needs IS_HEALTHY;
    WRITES_NOWHERE = Core, "container.writes-nowhere", "the image has no folder to write to", "Nothing but the binary", needs IS_HEALTHY;
    NOTICES_A_CLOSED_PORT = Core, "container.notices-a-closed-port", "unhealthy when no server listens", "Ask yourself", needs HEALTH_IS_IN_THE_IMAGE;
    NOTICES_A_503 = Core, "container.notices-a-503", "unhealthy when /health answers 503", "HEALTHCHECK", needs HEALTH_IS_IN_THE_IMAGE;
    NOTICES_A_HANG = Core, "container.notices-a-hang", "unhealthy when the program hangs", "Ask yourself", needs IS_HEALTHY;
    IGNORES_THE_DATABASE = Core, "container.ignores-the-database", "healthy while the database is gone", "HEALTHCHECK", needs IS_HEALTHY;
    STOPS_ON_SIGTERM = Extra, "container.stops-on-sigterm", "docker stop: the program exits with 0", "Stop when asked", needs IS_HEALTHY;
    FINISHES_WHAT_IT_BEGAN = Extra, "container.finishes-what-it-began", "a request under way is answered first", "Stop when asked", needs ANSWERS_FROM_OUTSIDE;
}

/// First the subcommand, which needs no Docker. Only if it is right is an image built, which may take minutes.
pub fn verify(subject: &Subject, results: &Results) -> Result<(), Stop> {
    probe::check_all(subject, results)?;
    if results.core_failed() {
        return Ok(());
    }
    let why = if subject.code_only {
        "only the code is in question".to_owned()
    } else {
        match docker::engine()
            .map_err(Stop::from)
            .and_then(|_| stack(subject, results))
        {
            Err(Stop::Blocked(blocked)) => blocked.why,
            ended => return ended,
        }
    };
    // What is known already stays known.
    results.blocked_rest(&why);
    Ok(())
}

/// One stack goes through everything: first it is healthy, then the program hangs, then the database goes away, and at the
/// end it is stopped. In parallel, for a while, a container whose program listens on the wrong port.
fn stack(subject: &Subject, results: &Results) -> Result<(), Stop> {
    let context = &Context::new(subject, results)?;
    context.check(row::RUNS, start::runs)?;
    context.check(row::IS_HEALTHY, start::is_healthy)?;
    context.check(row::HEALTH_IS_IN_THE_IMAGE, healthcheck::is_there)?;
    context.check(row::ASKS_AT_THE_RIGHT_PACE, healthcheck::timings)?;
    context.check(row::ANSWERS_FROM_OUTSIDE, outside::answers)?;
    context.check(row::IS_NOT_ROOT, outside::is_not_root)?;
    context.check(row::WRITES_NOWHERE, outside::writes_nowhere)?;
    context.check(row::NOTICES_A_503, status_503::is_noticed)?;
    wrong_port::start(context)?;
    context.check(row::NOTICES_A_HANG, hang::is_noticed)?;
    // It has had time to become unhealthy by now.
    context.check(row::NOTICES_A_CLOSED_PORT, wrong_port::is_noticed)?;
    context.check(row::IGNORES_THE_DATABASE, database::is_ignored)?;
    stop::check_all(context)
}
