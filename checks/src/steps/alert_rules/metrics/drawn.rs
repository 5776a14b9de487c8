//! What is drawn: once in a run, so that scenarios differ only in what happens. One whose difference an alert does not see need not
//! be played to it again.

use std::{array, sync::LazyLock};

use super::JOB;
use crate::harness::random::{random_number, random_word};

const MIB: f64 = 1_048_576.0;

/// The most instances that a scenario has.
pub const MOST: usize = 8;

pub static DRAWN: LazyLock<Drawn> = LazyLock::new(|| Drawn {
    machines: array::from_fn(|_| Machine::drawn()),
    // A pattern that only begins or ends like the name of the service takes this one in.
    other_job: format!("{JOB}-{}-{JOB}", random_word()),
    other: Machine::drawn(),
});

pub struct Drawn {
    /// For each instance of the service.
    pub machines: [Machine; MOST],
    /// The name of another service, and its only machine.
    pub other_job: String,
    pub other: Machine,
}

/// Where an instance runs.
pub struct Machine {
    /// Its address.
    pub name: String,
    /// How much memory the instance may have, in bytes. Rules that know a limit of some hundred MB by heart are wrong while all is
    /// well, whatever is drawn.
    pub memory: f64,
    /// How many connections to the database it may have. A rule that knows the number of the lesson's service by heart is wrong.
    pub connections: f64,
}

impl Machine {
    fn drawn() -> Machine {
        Machine {
            name: format!("{}:8000", random_word()),
            memory: random_number(768..2048) as f64 * MIB,
            connections: random_number(10..30) as f64,
        }
    }
}
