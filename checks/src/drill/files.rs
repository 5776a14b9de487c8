//! What Prometheus is told for the drill: the learner's rules, faster, and whom to scrape and to tell.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use serde_json::{Value, json};

use super::stretch::shorten;
use crate::{ending::Ending, program::empty_folder};

/// A folder of files for the programs on stage. Gone with this value.
pub struct Folder {
    path: PathBuf,
    _ending: Ending,
}

impl Folder {
    pub fn new() -> anyhow::Result<Folder> {
        let path = empty_folder()?;
        let ((), ending) = Ending::of(|| {
            let path = path.clone();
            let end: Box<dyn FnOnce() + Send> = Box::new(move || {
                // It never held anything but what was written here.
                let _ = fs::remove_dir_all(path);
            });
            anyhow::Ok(((), end))
        })?;
        Ok(Folder {
            path,
            _ending: ending,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file that the programs may read, whoever they run as.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, text: &str) -> anyhow::Result<()> {
        let file = self.path.join(name);
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
    }
}

/// A YAML file of the learner's.
///
/// # Errors
/// When it cannot be read, or is no YAML: in one line that names it.
pub fn read(file: &Path) -> anyhow::Result<Value> {
    let text =
        fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_saphyr::from_str(&text).with_context(|| format!("{} is no YAML", file.display()))
}

/// The learner's rules, sixty times as fast. JSON, which is YAML too.
///
/// # Errors
/// As [`read`].
pub fn rules(file: &Path) -> anyhow::Result<String> {
    let mut rules = read(file)?;
    shorten(&mut rules);
    Ok(rules.to_string())
}

/// Every minute becomes every second.
pub fn prometheus(target: &str, alertmanagers: &[String]) -> String {
    json!({
        "global": {
            "scrape_interval": "1s",
            "scrape_timeout": "1s",
            "evaluation_interval": "1s",
        },
        "rule_files": ["alerts.yml"],
        "scrape_configs": [{
            "job_name": "app",
            "static_configs": [{ "targets": [target] }],
        }],
        "alerting": {
            "alertmanagers": [{ "static_configs": [{ "targets": alertmanagers }] }],
        },
    })
    .to_string()
}
