//! A folder with files for a program.

use std::{fs, path::PathBuf};

use crate::{ending::Ending, program::empty_folder};

/// A file: its name in the folder, and what is in it.
pub type File<'a> = (&'a str, &'a str);

/// A folder with these files in it, and its end.
///
/// # Errors
/// When it cannot be written to.
pub fn folder_of(files: &[File]) -> anyhow::Result<(PathBuf, Ending)> {
    let made = Ending::of(|| {
        let folder = empty_folder()?;
        let made = folder.clone();
        let end: Box<dyn FnOnce() + Send> = Box::new(move || {
            // It never held anything but these files and what the program wrote there.
            let _ = fs::remove_dir_all(made);
        });
        anyhow::Ok((folder, end))
    })?;
    for (name, text) in files {
        fs::write(made.0.join(name), text)?;
    }
    Ok(made)
}
