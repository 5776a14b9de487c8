//! Docker and its plugins.

use std::thread;

use super::{CONTAINER_STEPS, Finding, State};
use crate::{
    harness::threads::joined,
    tools::docker::{self, Trouble},
};

/// The engine and its two plugins, and whether all of them can be used.
pub fn findings() -> (Vec<Finding>, bool) {
    // Concurrently, because if Docker hangs, each call takes its full timeout.
    let asked = thread::scope(|scope| {
        let asked = [
            ("Docker engine", scope.spawn(docker::version)),
            ("Compose", scope.spawn(docker::compose)),
            ("Buildx", scope.spawn(docker::buildx)),
        ];
        asked.map(|(name, thread)| (name, joined(thread)))
    });
    let usable = asked.iter().all(|(_, answer)| answer.is_ok());

    let mut findings = Vec::new();
    let mut reported: Option<Trouble> = None;
    for (name, answer) in asked {
        findings.push(match answer {
            Ok(version) => Finding::new(name, &CONTAINER_STEPS, version, State::Fine),
            // The same problem again (no Docker at all, say): reporting it once is enough.
            Err(trouble) if reported.as_ref() == Some(&trouble) => {
                Finding::not_checked(name, &CONTAINER_STEPS, "see the Docker engine")
            }
            Err(trouble) => {
                let Trouble { what, remedy } = reported.insert(trouble).clone();
                Finding::new(name, &CONTAINER_STEPS, what, State::Missing(remedy))
            }
        });
    }
    (findings, usable)
}
