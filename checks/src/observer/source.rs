//! Where a program comes from.

use std::{
    env,
    path::{Path, PathBuf},
};

use super::container::Image;
use crate::{docker, verify::Blocked};

/// Where a program comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// The program itself.
    Path(PathBuf),
    /// The image of it, which is here.
    Image,
}

impl Source {
    /// A program on the PATH, under one of these names.
    ///
    /// # Errors
    /// That there is none.
    pub fn on_path(what: &str, names: &[&str]) -> Result<Source, String> {
        let found = names.iter().find_map(|name| on_path(name));
        found
            .map(Source::Path)
            .ok_or_else(|| format!("{what} is not on the PATH"))
    }

    /// An image, which must be here. `what` begins the sentence that says why it is not: `their`, `the Prometheus`.
    ///
    /// # Errors
    /// Why it is not, with what to do about it.
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

    /// Under which name it finds this machine. In Docker Desktop containers run in a machine of their own.
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
