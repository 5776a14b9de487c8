//! Finds out how a step stands.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use crate::{
    check::{Check, Failure, Outcome, Results},
    course::Step,
    program,
};

/// What is checked: a package of the workspace at `root`.
pub struct Subject<'a> {
    pub root: &'a Path,
    /// The step's own, or `solutions`.
    pub package: &'a str,
    /// Its program, where that has been built already.
    pub built: Option<PathBuf>,
    /// Its file beside the code, where that is another than the one in its folder.
    pub config: Option<PathBuf>,
}

impl<'a> Subject<'a> {
    /// The package as it lies in the workspace at `root`.
    pub fn new(root: &'a Path, package: &'a str) -> Subject<'a> {
        Subject {
            root,
            package,
            built: None,
            config: None,
        }
    }

    /// Where the file beside the code is that `step` asks for: in the step's folder, or among the solutions. `None`: the step
    /// has no such file.
    pub fn config(&self, step: &Step) -> Option<PathBuf> {
        let folder = match self.package {
            "solutions" => "solutions",
            _ => step.folder,
        };
        let own = || Some(self.root.join(folder).join(step.config?));
        self.config.clone().or_else(own)
    }

    /// Its program, built anew if need be. `Err`: it does not compile, and cargo has said why.
    ///
    /// # Errors
    /// The outer one: when cargo cannot be run at all.
    pub fn program(&self) -> anyhow::Result<Result<PathBuf, Blocked>> {
        if let Some(built) = &self.built {
            return Ok(Ok(built.clone()));
        }
        let package = self.package;
        let built = program::build(self.root, package)?;
        Ok(built.ok_or_else(|| Blocked {
            why: format!("{package} does not compile; cargo says why (cargo build -p {package})"),
            by_environment: false,
        }))
    }
}

/// Why a step could not be checked.
#[derive(Debug)]
pub struct Blocked {
    /// In one line, with what to do about it.
    pub why: String,
    /// Whether it lies at the machine (Docker is missing, say). Then the later steps can still be checked.
    pub by_environment: bool,
}

/// How a step stands.
pub struct StepReport {
    pub step: &'static Step,
    /// The package that was checked: the step's own, or `solutions`.
    pub package: String,
    pub finding: Finding,
}

pub enum Finding {
    Checked(Vec<(&'static Check, Outcome)>),
    Blocked(Blocked),
}

/// Checks one step.
///
/// # Errors
/// When the self-check itself cannot do its work.
pub fn step(step: &'static Step, subject: &Subject) -> anyhow::Result<StepReport> {
    let results = Results::new(step.checks);
    let finding = match (step.verify)(subject, &results)? {
        Ok(()) => Finding::Checked(results.finish()),
        Err(blocked) => Finding::Blocked(blocked),
    };
    Ok(StepReport {
        step,
        package: subject.package.to_owned(),
        finding,
    })
}

impl StepReport {
    fn outcomes(&self) -> &[(&'static Check, Outcome)] {
        match &self.finding {
            Finding::Checked(outcomes) => outcomes,
            Finding::Blocked(_) => &[],
        }
    }

    /// The failure that is told at length.
    pub fn first_failure(&self) -> Option<(&'static Check, &Failure)> {
        self.failures().next()
    }

    /// What failed, in the order of the checks.
    pub fn failures(&self) -> impl Iterator<Item = (&'static Check, &Failure)> {
        self.outcomes()
            .iter()
            .filter_map(|(check, outcome)| match outcome {
                Outcome::Failed(failure) => Some((*check, failure)),
                Outcome::Passed | Outcome::NotRun | Outcome::Blocked(_) => None,
            })
    }

    /// How many checks passed, and of how many.
    pub fn count(&self) -> (usize, usize) {
        let passed = self
            .outcomes()
            .iter()
            .filter(|(_, outcome)| matches!(outcome, Outcome::Passed));
        (passed.count(), self.step.checks.len())
    }

    pub fn passed(&self) -> bool {
        let (passed, all) = self.count();
        passed == all && all > 0
    }

    pub fn failed(&self) -> bool {
        self.first_failure().is_some()
    }

    /// Whether the machine did not allow all of it.
    pub fn blocked(&self) -> bool {
        matches!(self.finding, Finding::Blocked(_)) || !self.obstacles().is_empty()
    }

    /// Why some of its checks could not be made, each reason once.
    pub fn obstacles(&self) -> BTreeSet<&str> {
        self.outcomes()
            .iter()
            .filter_map(|(_, outcome)| match outcome {
                Outcome::Blocked(why) => Some(why.as_str()),
                Outcome::Passed | Outcome::Failed(_) | Outcome::NotRun => None,
            })
            .collect()
    }

    /// Whether a walk through the steps ends here.
    pub fn stops(&self) -> bool {
        match &self.finding {
            Finding::Checked(_) => self.failed(),
            Finding::Blocked(blocked) => !blocked.by_environment,
        }
    }

    /// Whether the learner has not begun yet: nothing passes, and what comes back is what the stub says.
    pub fn untouched(&self) -> bool {
        let stub = self.step.stub;
        self.count().0 == 0
            && self
                .first_failure()
                .is_some_and(|(_, failure)| failure.found.starts_with(stub))
    }
}

/// 0: all that was asked for passed; 1: something failed; 2: nothing failed, but something could not be checked.
pub fn exit_code(reports: &[StepReport]) -> u8 {
    if reports.iter().any(StepReport::failed) {
        1
    } else if reports.iter().any(StepReport::blocked) {
        2
    } else {
        0
    }
}
