//! Docker, and what comes with it.

use std::{panic, path::Path, thread};

use super::{DOCKER_STEPS, Finding, State, images};
use crate::docker::{self, Trouble};

/// The engine, its two plugins, and the images.
pub fn findings(root: &Path) -> Vec<Finding> {
    // At the same time, because if Docker hangs, each takes as long as it may.
    let asked = thread::scope(|scope| {
        let asked = [
            ("Docker engine", scope.spawn(docker::version)),
            ("Compose", scope.spawn(docker::compose)),
            ("Buildx", scope.spawn(docker::buildx)),
        ];
        asked.map(|(name, thread)| {
            let answer = thread.join();
            (name, answer.unwrap_or_else(|it| panic::resume_unwind(it)))
        })
    });
    let usable = asked.iter().all(|(_, answer)| answer.is_ok());

    let mut findings = Vec::new();
    let mut told: Option<Trouble> = None;
    for (name, answer) in asked {
        findings.push(match answer {
            Ok(version) => Finding::new(name, DOCKER_STEPS, version, State::Fine),
            // No docker at all: to say it once is enough.
            Err(trouble) if told.as_ref() == Some(&trouble) => {
                Finding::not_checked(name, DOCKER_STEPS, "see the Docker engine")
            }
            Err(trouble) => {
                let Trouble { what, remedy } = told.insert(trouble).clone();
                Finding::new(name, DOCKER_STEPS, what, State::Missing(remedy))
            }
        });
    }
    findings.extend(images::findings(root, usable));
    findings
}
