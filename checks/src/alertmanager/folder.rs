//! A folder with a configuration in it.

use std::{fs, path::PathBuf};

use crate::{ending::Ending, program::empty_folder};

/// A file that its configuration names: its name in the folder, and what is in it.
pub type Beside<'a> = (&'a str, &'a str);

/// The configuration's name, wherever it lies.
pub const CONFIG: &str = "alertmanager.yml";

/// A configuration, and the files beside it.
pub fn with<'a>(config: &'a str, beside: &[Beside<'a>]) -> Vec<Beside<'a>> {
    [beside, &[(CONFIG, config)]].concat()
}

/// A folder with these files in it, and its end.
pub fn folder_of(files: &[Beside]) -> anyhow::Result<(PathBuf, Ending)> {
    let made = Ending::of(|| {
        let folder = empty_folder()?;
        let made = folder.clone();
        let end: Box<dyn FnOnce() + Send> = Box::new(move || {
            // It never held anything but these files and what Alertmanager wrote there.
            let _ = fs::remove_dir_all(made);
        });
        anyhow::Ok((folder, end))
    })?;
    for (name, text) in files {
        fs::write(made.0.join(name), text)?;
    }
    Ok(made)
}
