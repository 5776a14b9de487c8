//! What a later hint depends on: the check that failed last, and the hints that were shown for it. A lost or damaged file only means
//! that hints start from the first one again.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Below cargo's folder, which no version control looks at. One line: the id of the check that failed last or that a hint
/// was asked for last, and how many of its hints were shown.
fn file(root: &Path) -> PathBuf {
    root.join("target/verify/hints")
}

/// Remembers which check failed last. If another one fails than before, its hints start from the first one again. `None`: everything
/// passed, so that no hint is needed.
pub fn remember(root: &Path, failed: Option<&str>) {
    match failed {
        Some(id) if last_failure(root).as_deref() != Some(id) => save(root, id, 0),
        Some(_) => {}
        // There may be no such file, and then that is fine.
        None => drop(fs::remove_file(file(root))),
    }
}

/// The check that failed last, if one did.
pub fn last_failure(root: &Path) -> Option<String> {
    read(root).map(|(id, _)| id)
}

/// How many hints for this check were shown.
pub fn shown(root: &Path, id: &str) -> usize {
    read(root).map_or(0, |(last, shown)| if last == id { shown } else { 0 })
}

/// Remembers that this many hints for a check were shown.
pub fn remember_shown(root: &Path, id: &str, shown: usize) {
    save(root, id, shown);
}

fn read(root: &Path) -> Option<(String, usize)> {
    let text = fs::read_to_string(file(root)).ok()?;
    let (id, shown) = text.trim().split_once(' ')?;
    Some((id.to_owned(), shown.parse().ok()?))
}

/// A folder that cannot be written only costs the memory.
fn save(root: &Path, id: &str, shown: usize) {
    let _ = try_to_save(&file(root), id, shown);
}

fn try_to_save(file: &Path, id: &str, shown: usize) -> io::Result<()> {
    file.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(file, format!("{id} {shown}\n"))
}
