//! Where a program of Alertmanager's comes from.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::docker;

/// The image that `compose.yaml` names, too.
pub const IMAGE: &str = "prom/alertmanager:v0.28.1";

/// Where a program comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// The program itself.
    Path(PathBuf),
    /// [`IMAGE`], which is here.
    Image,
}

impl Source {
    /// Alertmanager; Debian calls it `prometheus-alertmanager`.
    ///
    /// # Errors
    /// Why there is none, in one line, with what to do about it.
    pub fn alertmanager() -> Result<Source, String> {
        find("Alertmanager", &["alertmanager", "prometheus-alertmanager"])
    }

    /// `amtool`, which comes with it.
    ///
    /// # Errors
    /// Why there is none, in one line, with what to do about it.
    pub fn amtool() -> Result<Source, String> {
        find("amtool", &["amtool"])
    }

    /// Under which name it finds this machine. In Docker Desktop containers run in a machine of their own.
    pub fn host(&self) -> &'static str {
        match self {
            Source::Image if !cfg!(target_os = "linux") => "host.docker.internal",
            _ => "127.0.0.1",
        }
    }
}

fn find(what: &str, names: &[&str]) -> Result<Source, String> {
    if let Some(path) = names.iter().find_map(|name| on_path(name)) {
        return Ok(Source::Path(path));
    }
    let missing = |why: &str| {
        format!("{what} is not on the PATH, and its image {IMAGE} cannot be used: {why}")
    };
    docker::version().map_err(|trouble| missing(&crate::verify::Blocked::from(trouble).why))?;
    let here = docker::ask(&["image", "inspect", IMAGE]);
    match here {
        Ok(output) if output.status.success() => Ok(Source::Image),
        _ => Err(missing(&format!(
            "it is not here yet (docker pull {IMAGE})"
        ))),
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
