//! Code that the test programs share.

#![allow(dead_code, reason = "each program uses its part of it")]

pub mod attempts;
pub mod edits;
pub mod groups;
pub mod pinning;
pub mod programs;
pub mod scratch;
pub mod suite;
pub mod try_it;
pub mod wanted;

use std::path::{Path, PathBuf};

/// The root folder of the workspace.
pub fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// The folder that cargo builds in: this test program is in its `debug/deps`.
pub fn target() -> PathBuf {
    let program = std::env::current_exe().ok();
    let built = program
        .as_deref()
        .and_then(|program| program.ancestors().nth(3));
    built.map_or_else(|| workspace().join("target"), Path::to_owned)
}
