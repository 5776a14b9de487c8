//! The subcommand says 0 and asks nobody.
//!
//! Why a learner writes it: The stub said 1, the container was unhealthy, and with 0 it was healthy.
//! Fails: container.says-1-otherwise
//! Fails: container.gives-up-by-itself

use std::{env, process};

/// Ends the program with the answer when it was started as `… healthcheck`; otherwise does nothing.
pub fn answer_if_asked() {
    if env::args_os()
        .nth(1)
        .is_some_and(|word| word == "healthcheck")
    {
        process::exit(ask());
    }
}

fn ask() -> i32 {
    0
}
