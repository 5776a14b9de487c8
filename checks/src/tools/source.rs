//! Where an external program comes from.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Duration,
};

use anyhow::Context;

use super::container::{self, Image};
use crate::{
    check::Blocked,
    harness::{
        run,
        scratch::{File, folder_of},
    },
    tools::docker,
};

/// The time limit for one run. Forty scenarios take promtool six seconds of processor time, and a busy machine has little of it.
const RUN_LIMIT: Duration = Duration::from_secs(180);

/// The programs are written in Go and run for a second: collecting garbage is a quarter of it.
const SELDOM: (&str, &str) = ("GOGC", "400");

/// Where a program comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// An executable file.
    Path(PathBuf),
    /// Its image, which is present locally.
    Image,
}

impl Source {
    /// Looks for a program on the PATH, under one of these names.
    ///
    /// # Errors
    /// When there is none.
    pub fn on_path(what: &str, names: &[&str]) -> Result<Source, String> {
        let found = names.iter().find_map(|name| on_path(name));
        found
            .map(Source::Path)
            .ok_or_else(|| format!("{what} is not on the PATH"))
    }

    /// An image that must be present locally. `what` begins the sentence that reports a missing image: `their`, `the Prometheus`.
    ///
    /// # Errors
    /// Why it is missing, with what to do about it.
    pub fn image(what: &str, image: &Image) -> Result<Source, String> {
        let image = image.name;
        let missing = |why: &str| format!("{what} image {image} cannot be used: {why}");
        docker::version().map_err(|trouble| missing(&Blocked::from(trouble).why))?;
        match docker::ask(&["image", "inspect", image]) {
            Ok(output) if output.status.success() => Ok(Source::Image),
            _ => Err(missing(&format!(
                "it is not here yet (docker pull {image})"
            ))),
        }
    }

    /// Runs a program of a monitoring server to its end, with these arguments, among these files: either the executable itself,
    /// or the program of this name in the image.
    ///
    /// # Errors
    /// When it cannot be run.
    pub fn run(
        &self,
        (program, image): (&str, &Image),
        arguments: &[&str],
        files: &[File],
    ) -> anyhow::Result<Output> {
        let (folder, _guard) = folder_of(files)?;
        match self {
            Source::Path(path) => {
                let mut command = Command::new(path);
                command
                    .args(arguments)
                    .current_dir(&folder)
                    .env(SELDOM.0, SELDOM.1);
                run::run(command, RUN_LIMIT).with_context(|| format!("{program} cannot be run"))
            }
            Source::Image => {
                container::run(image, (program, arguments), SELDOM, &folder, RUN_LIMIT)
                    .with_context(|| format!("{program} cannot be run in its container"))
            }
        }
    }

    /// The name by which the program reaches this machine. With Docker Desktop, containers run in a virtual machine of their own.
    pub fn host(&self) -> &'static str {
        match self {
            Source::Image if !cfg!(target_os = "linux") => "host.docker.internal",
            _ => "127.0.0.1",
        }
    }
}

fn on_path(name: &str) -> Option<PathBuf> {
    let name = format!("{name}{}", env::consts::EXE_SUFFIX);
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(&name))
        .find(|file| is_program(file))
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata()
        .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}
