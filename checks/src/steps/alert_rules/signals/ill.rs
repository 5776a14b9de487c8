//! The database refuses, or takes a question and never answers it.

use std::{
    io,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use super::{FIRST, PACE, Scene};
use crate::{
    check::{Failure, Results},
    fake_postgres::State,
    steps::alert_rules::scrape::Scrape,
};

/// Longer than a scrape takes that waits for nobody, shorter than any time limit of a database.
const SWIFT: Duration = Duration::from_millis(500);
const SCRAPES: usize = 20;
const MAY_BE_SLOW: usize = SCRAPES / 4;
const SCRAPE_PACE: Duration = Duration::from_millis(50);

/// How long it may take to end by itself. Nobody is being answered, so there is nothing to wait for but a busy laptop.
const ENDS_WITHIN: Duration = Duration::from_secs(8);

/// The database refuses; then it asks for nothing and answers nothing.
pub fn when_it_is_ill(
    executable: &Path,
    results: &Results,
) -> io::Result<(Option<Scene>, Option<Scene>)> {
    let refused = Scene::start(executable, State::Refusing)?;
    let stalled = Scene::start(executable, State::Stalling)?;
    let refused = results.check("alert-rules.says-down", || {
        let scene = refused?;
        scene.says(0.0).map_err(|failure| Failure {
            perhaps: Some(
                "the first probe waits for too long, or an error leaves the gauge as it was"
                    .to_owned(),
            ),
            ..failure
        })?;
        Ok(scene)
    });
    let stalled = results.check("alert-rules.bounds-the-probe", || {
        let scene = stalled?;
        // Side by side with the probe, which is stuck by now.
        let swift = scrapes_are_swift(&scene);
        scene.says(0.0).map_err(|failure| Failure {
            perhaps: Some(
                "the probe waits for an answer that never comes: /health/db has a time limit, and this way is free to use it"
                    .to_owned(),
            ),
            ..failure
        })?;
        Ok((scene, swift))
    });
    let Some((stalled, swift)) = stalled else {
        return Ok((refused, None));
    };
    results.check("alert-rules.keeps-scrapes-swift", || swift);
    Ok((refused, Some(stalled)))
}

fn scrapes_are_swift(scene: &Scene) -> Result<(), Failure> {
    let question = scene.question();
    let mut slow = Vec::new();
    for _ in 0..SCRAPES {
        let scrape = Scrape::of(&question)?;
        slow.extend((scrape.answer.took > SWIFT).then_some(scrape.answer.took));
        thread::sleep(SCRAPE_PACE);
    }
    match slow.iter().max() {
        Some(slowest) if slow.len() > MAY_BE_SLOW => Err(Failure {
            perhaps: Some(
                "the scrape asks the database itself, and waits for it; a task in the background does not keep it waiting"
                    .to_owned(),
            ),
            ..question.failure(
                format!("/metrics answers within {SWIFT:?}, whatever the database does"),
                format!("it took {} ms, and others as long", slowest.as_millis()),
            )
        }),
        _ => Ok(()),
    }
}

/// It ends when it is told to, with a probe under way.
pub fn stops(executable: &Path) -> io::Result<Result<(), Failure>> {
    let scene = match Scene::start(executable, State::Stalling)? {
        Ok(scene) => scene,
        Err(failure) => return Ok(Err(failure)),
    };
    let give_up = Instant::now() + FIRST;
    while scene.server.unanswered() == 0 && Instant::now() < give_up {
        thread::sleep(PACE);
    }
    scene.program.terminate()?;
    let told = Instant::now();
    while scene.program.end().is_none() {
        if told.elapsed() > ENDS_WITHIN {
            return Ok(Err(Failure {
                perhaps: Some(
                    "the thread that SIGTERM is handled on waits for the database".to_owned(),
                ),
                ..scene.question_about_its_end().failure(
                    format!(
                        "SIGTERM ends it within {} s, a probe under way or not",
                        ENDS_WITHIN.as_secs()
                    ),
                    format!("after {} s it still runs", ENDS_WITHIN.as_secs()),
                )
            }));
        }
    }
    Ok(Ok(()))
}
