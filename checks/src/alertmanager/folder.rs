//! A folder with a configuration in it.

use std::{fs, path::PathBuf};

use crate::{ending::Ending, program::empty_folder};

/// A file that its configuration names: its name in the folder, and what is in it.
pub type Beside<'a> = (&'a str, &'a str);

/// The configuration's name, wherever it lies.
pub const CONFIG: &str = "alertmanager.yml";

/// A folder with these files in it, and its end.
pub fn folder_of(config: &str, beside: &[Beside]) -> anyhow::Result<(PathBuf, Ending)> {
    let made = Ending::of(|| {
        let folder = empty_folder()?;
        let made = folder.clone();
        let end: Box<dyn FnOnce() + Send> = Box::new(move || {
            // It never held anything but these files and what Alertmanager wrote there.
            let _ = fs::remove_dir_all(made);
        });
        anyhow::Ok((folder, end))
    })?;
    for (name, text) in beside.iter().chain([&(CONFIG, config)]) {
        fs::write(made.0.join(name), text)?;
    }
    Ok(made)
}
