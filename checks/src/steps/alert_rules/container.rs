//! A single container that ends with us.

use std::{process::Command, time::Duration};

use crate::{compose::run_while_ending, ending::Ending, steps::random_word};

/// How long Docker may take to remove it, on a machine that is busy.
const LIMIT: Duration = Duration::from_secs(60);

/// A name for a container that somebody is about to make, and its end: whatever has that name then is removed.
pub fn name() -> anyhow::Result<(String, Ending)> {
    let name = format!("workshop-{}", random_word());
    let remove = name.clone();
    let end: Box<dyn FnOnce() + Send> = Box::new(move || {
        let mut command = Command::new("docker");
        command.args(["rm", "--force", "--volumes", &remove]);
        // The only error is that there is none.
        let _ = run_while_ending(command, LIMIT, "tidying up");
    });
    Ending::of(|| anyhow::Ok((name, end)))
}
