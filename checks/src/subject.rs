//! What is checked.

use std::path::{Path, PathBuf};

use crate::{
    check::{Blocked, Stop},
    harness::build::build,
};

/// Whose service is checked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// The learner's: the package of this name.
    Step(&'static str),
    /// The finished one.
    Finished,
}

impl Target {
    /// Its cargo package, which is also the folder of the finished one.
    pub const fn package(self) -> &'static str {
        match self {
            Target::Step(package) => package,
            Target::Finished => "solutions",
        }
    }

    /// The Dockerfile of its image, relative to the root of the workspace.
    pub fn dockerfile(self) -> &'static str {
        match self {
            Target::Step(_) => "Dockerfile",
            Target::Finished => "solutions/Dockerfile",
        }
    }
}

/// A package of the workspace at `root`.
pub struct Subject<'a> {
    pub root: &'a Path,
    pub target: Target,
    /// Its folder relative to the root: `steps/06-alert-rules`, or `solutions`.
    pub folder: &'static str,
    /// The step's configuration file, if it has one: alert rules, or Alertmanager's routes.
    pub config: Option<PathBuf>,
    /// Its program, if that has been built already.
    pub built: Option<PathBuf>,
    /// Whether the checks of its code are left out, because only the configuration file is in question.
    pub config_only: bool,
    /// Whether only the checks of its code are made, and not those of the image that it is built into.
    pub code_only: bool,
}

impl Subject<'_> {
    /// Its program, rebuilt if necessary.
    ///
    /// # Errors
    /// [`Stop::Blocked`] when it does not compile, and cargo has said why; [`Stop::Broken`] when cargo cannot be run at all.
    pub fn program(&self) -> Result<PathBuf, Stop> {
        if let Some(built) = &self.built {
            return Ok(built.clone());
        }
        let package = self.target.package();
        let built = build(self.root, package)?.ok_or_else(|| Blocked {
            why: format!("{package} does not compile; cargo says why (cargo build -p {package})"),
            by_environment: false,
        })?;
        Ok(built)
    }
}
