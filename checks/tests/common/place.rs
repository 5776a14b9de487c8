//! Where everything is.

use std::path::{Path, PathBuf};

/// The root folder of the workspace.
pub fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// The folder that cargo builds in: this test program is in its `debug/deps`.
pub fn target() -> PathBuf {
    above_this_program(3).unwrap_or_else(|| workspace().join("target"))
}

/// Cargo's profile that this test program is built with. What a test builds with the same profile shares its libraries.
pub fn profile() -> String {
    let folder = above_this_program(2);
    let name = folder.as_deref().and_then(Path::file_name);
    match name.and_then(|name| name.to_str()) {
        None | Some("debug") => "dev".to_owned(),
        Some(name) => name.to_owned(),
    }
}

fn above_this_program(levels: usize) -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    program.ancestors().nth(levels).map(Path::to_owned)
}
