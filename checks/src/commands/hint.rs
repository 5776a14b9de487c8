//! `cargo verify hint`: help in small steps, for the check that failed last, for any other check, or for a step as a whole.
//!
//! - `ladder`: the hints for one check; `lesson`, `difference`: two of them; `general`: the hints for a step; `state`: what has been
//!   shown already

mod difference;
mod general;
pub mod ladder;
mod lesson;
mod state;

pub use state::remember;

use std::path::Path;

use anyhow::Context;

use crate::{
    check::Check,
    course::{STEPS, Step, find},
};

/// What a hint is wanted for.
#[derive(Clone)]
pub enum Topic {
    Step(&'static Step),
    Check(&'static Step, &'static Check),
}

/// Reads `2`, `db-health` or `db-health.recovers`.
///
/// # Errors
/// When there is no such step or check.
pub fn topic(word: &str) -> Result<Topic, String> {
    let steps = STEPS.iter();
    let mut checks = steps.flat_map(|step| step.checks.iter().map(move |check| (step, check)));
    if let Some((step, check)) = checks.find(|(_, check)| check.id == word) {
        return Ok(Topic::Check(step, check));
    }
    find(word).map(Topic::Step).ok_or_else(|| {
        "name a step or a check: 2, db-health or db-health.recovers (cargo verify --list)"
            .to_owned()
    })
}

/// The next hint for `topic`, or for the check that failed last; with `number` that one, counted from 1.
///
/// # Errors
/// When there is no such hint, or nothing has failed yet.
pub fn hint(root: &Path, topic: Option<&Topic>, number: Option<usize>) -> anyhow::Result<String> {
    let last = || {
        // The check may have another name since.
        let last = state::last_failure(root).and_then(|id| self::topic(&id).ok());
        last.context(
            "no check has failed yet: run cargo verify first, or name a step (cargo verify hint 2)",
        )
    };
    match topic.cloned().map_or_else(last, Ok)? {
        Topic::Step(step) => general::hint(root, step, number.unwrap_or(1)),
        Topic::Check(step, check) => {
            let rungs = ladder::rungs(root, step, check)?;
            let number = number.unwrap_or_else(|| state::shown(root, check.id) + 1);
            let number = number.min(rungs.len());
            let text = ladder::show(check, &rungs, number)?;
            state::remember_shown(root, check.id, number);
            Ok(text)
        }
    }
}
