//! Why a check, or a whole step, cannot go on.

use std::io;

use anyhow::anyhow;

use super::Failure;

/// Why a check, or a whole step, cannot go on.
#[derive(Debug)]
pub enum Stop {
    /// The learner's work does not do what is expected yet.
    Failed(Failure),
    /// It cannot be checked.
    Blocked(Blocked),
    /// The self-check itself cannot do its work.
    Broken(anyhow::Error),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Failed(failure)
    }
}

impl From<Blocked> for Stop {
    fn from(blocked: Blocked) -> Stop {
        Stop::Blocked(blocked)
    }
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Stop {
        Stop::Broken(error)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Broken(error.into())
    }
}

/// For callers that treat all three alike.
impl From<Stop> for anyhow::Error {
    fn from(stop: Stop) -> anyhow::Error {
        match stop {
            Stop::Failed(failure) => {
                anyhow!("expected: {}; found: {}", failure.expected, failure.found)
            }
            Stop::Blocked(blocked) => anyhow!(blocked.why),
            Stop::Broken(error) => error,
        }
    }
}

/// Why a step could not be checked.
#[derive(Debug)]
pub struct Blocked {
    /// In one line, with the remedy.
    pub why: String,
    /// Whether the machine is the reason (no Docker, say). The later steps can then still be checked.
    pub by_environment: bool,
}
