//! Checks a step and summarises the outcomes.

use std::{collections::BTreeSet, sync::Arc};

use crate::{
    check::{Blocked, Check, Failure, Observer, Outcome, Part, Results, Stop},
    course::Step,
    subject::Subject,
};

/// The state of a step.
pub struct StepReport {
    pub step: &'static Step,
    /// The package that was checked: the step's own, or `solutions`.
    pub package: String,
    /// Whether the extras count as much as the core.
    pub extras: bool,
    pub finding: Finding,
}

pub enum Finding {
    Checked(Vec<(&'static Check, Outcome)>),
    Blocked(Blocked),
}

/// Checks one step; its extras only if its core passes, or if `extras` asks for them.
///
/// # Errors
/// When the self-check itself cannot do its work.
pub fn step(step: &'static Step, subject: &Subject, extras: bool) -> anyhow::Result<StepReport> {
    finish(step, subject, Results::new(step.checks, extras), extras)
}

/// [`step`], with an observer.
///
/// # Errors
/// Those of [`step`].
pub fn observed(
    step: &'static Step,
    subject: &Subject,
    extras: bool,
    observer: Arc<dyn Observer>,
) -> anyhow::Result<StepReport> {
    let results = Results::new(step.checks, extras).observed(observer);
    finish(step, subject, results, extras)
}

fn finish(
    step: &'static Step,
    subject: &Subject,
    results: Results,
    extras: bool,
) -> anyhow::Result<StepReport> {
    let finding = match (step.verify)(subject, &results) {
        Ok(()) => Finding::Checked(results.finish()),
        Err(Stop::Blocked(blocked)) => Finding::Blocked(blocked),
        Err(stop) => return Err(stop.into()),
    };
    Ok(StepReport {
        step,
        package: subject.target.package().to_owned(),
        extras,
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

    /// The failure that is reported in full: the first one of the core, or else of the extras.
    pub fn first_failure(&self) -> Option<(&'static Check, &Failure)> {
        let core = self.failures().find(|(check, _)| check.is_core());
        core.or_else(|| self.failures().next())
    }

    /// All failures, in the order of the checks.
    pub fn failures(&self) -> impl Iterator<Item = (&'static Check, &Failure)> {
        self.outcomes()
            .iter()
            .filter_map(|(check, outcome)| match outcome {
                Outcome::Failed(failure) => Some((*check, failure)),
                Outcome::Passed | Outcome::NotRun | Outcome::Blocked(_) => None,
            })
    }

    /// How many checks of this part passed, and of how many.
    pub fn count(&self, part: Part) -> (usize, usize) {
        let passed = self
            .outcomes()
            .iter()
            .filter(|(check, outcome)| check.part == part && matches!(outcome, Outcome::Passed));
        let all = self.step.checks.iter().filter(|check| check.part == part);
        (passed.count(), all.count())
    }

    /// Whether the step is done: its core passed, and with [`StepReport::extras`] all of it.
    pub fn passed(&self) -> bool {
        let all = |part| {
            let (passed, all) = self.count(part);
            passed == all
        };
        all(Part::Core) && (!self.extras || all(Part::Extra))
    }

    /// Whether something failed without which the step is not done.
    pub fn failed(&self) -> bool {
        self.failures().any(|(check, _)| self.counts(check))
    }

    /// Whether the machine did not allow all of it.
    pub fn blocked(&self) -> bool {
        let blocked = |(check, outcome): &(&Check, Outcome)| {
            self.counts(check) && matches!(outcome, Outcome::Blocked(_))
        };
        matches!(self.finding, Finding::Blocked(_)) || self.outcomes().iter().any(blocked)
    }

    fn counts(&self, check: &Check) -> bool {
        self.extras || check.is_core()
    }

    /// Why some of its checks could not be run, each reason once.
    pub fn obstacles(&self) -> BTreeSet<&str> {
        self.outcomes()
            .iter()
            .filter_map(|(_, outcome)| match outcome {
                Outcome::Blocked(why) => Some(why.as_str()),
                Outcome::Passed | Outcome::Failed(_) | Outcome::NotRun => None,
            })
            .collect()
    }

    /// Whether `cargo verify` stops after this step.
    pub fn stops(&self) -> bool {
        match &self.finding {
            Finding::Checked(_) => self.failed(),
            Finding::Blocked(blocked) => !blocked.by_environment,
        }
    }

    /// Whether the learner has not begun yet: nothing passes, and the answer is the stub's.
    pub fn untouched(&self) -> bool {
        let untouched_prefix = self.step.untouched_prefix;
        self.count(Part::Core).0 == 0
            && self
                .first_failure()
                .is_some_and(|(_, failure)| failure.found.starts_with(untouched_prefix))
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
