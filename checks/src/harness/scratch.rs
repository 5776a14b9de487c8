//! Temporary folders, empty or with files for a program.

use std::{
    env, fs,
    path::PathBuf,
    process,
    sync::atomic::{AtomicU16, Ordering},
};

use anyhow::Context;

use crate::harness::{cleanup::CleanupGuard, leftovers::FOLDER};

/// A file: its name in the folder, and its content.
pub type File<'a> = (&'a str, &'a str);

/// A folder with these files, and the guard that removes it.
///
/// # Errors
/// When it cannot be written to.
pub fn folder_of(files: &[File]) -> anyhow::Result<(PathBuf, CleanupGuard)> {
    let made = folder()?;
    for (name, text) in files {
        fs::write(made.0.join(name), text)?;
    }
    Ok(made)
}

/// A new folder, and the guard that removes it.
///
/// # Errors
/// When it cannot be created.
pub fn folder() -> anyhow::Result<(PathBuf, CleanupGuard)> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let name = format!(
        "{FOLDER}{}-{}",
        process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    );
    let folder = env::temp_dir().join(name);
    CleanupGuard::of(|| {
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let made = folder.clone();
        // It contains only files that we, or a program of ours, wrote.
        Ok((folder, move || drop(fs::remove_dir_all(made))))
    })
}
