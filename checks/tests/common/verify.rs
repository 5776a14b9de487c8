//! The self-check, as a learner starts it.

use std::{
    path::Path,
    process::{Command, Stdio},
};

/// `cargo verify …` in the workspace at `root`, without input.
pub fn verify(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_checks"));
    // The variable that cargo would set if it ran this in that workspace.
    command
        .env("CARGO_MANIFEST_DIR", root.join("checks"))
        .current_dir(root)
        .args(arguments)
        .stdin(Stdio::null());
    command
}
