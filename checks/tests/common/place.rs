//! Where everything is.

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
