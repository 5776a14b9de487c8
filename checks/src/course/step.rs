//! One step of the course.

use std::path::Path;

use crate::{
    check::{Check, Results, Stop},
    subject::{Subject, Target},
};

/// What the learner writes in a step, which decides how it is checked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Code: cargo builds the program, and the checks send it requests.
    Service,
    /// An image: Docker builds and runs it.
    Container,
    /// A configuration file for another program; no code.
    Configuration,
}

/// One step of the course.
pub struct Step {
    /// Counted from 1.
    pub number: usize,
    /// The prefix of its checks' ids: `db-health`.
    pub name: &'static str,
    pub kind: Kind,
    /// Its cargo package: `step02`.
    pub package: &'static str,
    /// Its folder below the root: `steps/02-db-health`.
    pub folder: &'static str,
    /// The file that the learner writes, relative to the folder and to `solutions`.
    pub task: &'static str,
    /// The configuration file that the learner writes, relative to the same folders: alert rules, or Alertmanager's routes.
    pub config: Option<&'static str>,
    /// What the first check's "Found" begins with as long as the step is untouched.
    pub untouched_prefix: &'static str,
    /// What its core usually takes, see `docs/minutes.md`.
    pub minutes: usize,
    /// Whether it comes with Prometheus and Grafana in Docker.
    pub observed: bool,
    /// Names the program that is missing on this machine, if any, without which not all of it can be checked. Docker is not
    /// its concern: the checks themselves report it.
    pub lacks: fn() -> Option<String>,
    /// Its checks, in order.
    pub checks: &'static [Check],
    /// Runs them. What the learner has not done yet is recorded in the results and is not an error.
    pub verify: fn(&Subject, &Results) -> Result<(), Stop>,
}

impl Step {
    /// The learner's own service as it is in this step, or the finished one.
    pub fn target(&self, finished: bool) -> Target {
        if finished {
            Target::Finished
        } else {
            Target::Step(self.package)
        }
    }

    /// The subject of its checks: `target` in the workspace at `root`.
    pub fn subject<'a>(&self, root: &'a Path, target: Target) -> Subject<'a> {
        let folder = match target {
            Target::Step(_) => self.folder,
            Target::Finished => target.package(),
        };
        Subject {
            root,
            target,
            folder,
            config: self.config.map(|file| root.join(folder).join(file)),
            built: None,
            config_only: false,
            code_only: false,
        }
    }

    /// Whether Docker, and not cargo, builds what is checked.
    pub fn is_container(&self) -> bool {
        self.kind == Kind::Container
    }
}
