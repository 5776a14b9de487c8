//! `amtool`, which reads a configuration as Alertmanager does.

use std::{
    process::{Command, Output},
    time::Duration,
};

use super::{CONFIG, with};
use crate::{
    observer::{
        File, Source,
        container::{self, ALERTMANAGER},
        folder_of,
    },
    tool,
};

/// How long it may take, which takes milliseconds.
const LIMIT: Duration = Duration::from_secs(10);

/// What `amtool check-config` says about a configuration, and whether that is good.
///
/// # Errors
/// When it cannot be run.
pub fn check_config(amtool: &Source, config: &str, beside: &[File]) -> anyhow::Result<Output> {
    let (folder, _ending) = folder_of(&with(config, beside))?;
    match amtool {
        Source::Path(path) => {
            let mut command = Command::new(path);
            command.current_dir(&folder).args(["check-config", CONFIG]);
            Ok(tool::run(command, LIMIT)?)
        }
        Source::Image => {
            container::run(&ALERTMANAGER, "amtool", &["check-config", CONFIG], &folder)
        }
    }
}
