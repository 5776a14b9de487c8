//! A check as grading tools see it.

use crate::{
    check::{Check, Outcome},
    course::Step,
    ui::report,
    verify::{Finding, StepReport},
};

/// How a test status.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Status {
    Passed,
    Failed,
    /// What it needs has failed.
    NotRun,
    /// The machine did not allow it.
    Blocked,
}

/// One check, worth one point.
pub struct TestCase {
    pub id: &'static str,
    pub title: &'static str,
    pub status: Status,
    /// The message about a failure, or why it was not run.
    pub output: String,
}

impl TestCase {
    pub fn score(&self) -> u32 {
        u32::from(self.status == Status::Passed)
    }

    /// 0 for what could not be checked.
    pub fn max_score(&self) -> u32 {
        u32::from(self.status != Status::Blocked)
    }
}

/// All checks of a step. If the whole step was blocked, each of them was.
pub fn of(report: &StepReport) -> Vec<TestCase> {
    match &report.finding {
        Finding::Checked(outcomes) => outcomes
            .iter()
            .map(|(check, outcome)| test(report.step, check, outcome))
            .collect(),
        Finding::Blocked(blocked) => report
            .step
            .checks
            .iter()
            .map(|check| test(report.step, check, &Outcome::Blocked(blocked.why.clone())))
            .collect(),
    }
}

fn test(step: &Step, check: &'static Check, outcome: &Outcome) -> TestCase {
    let (status, output) = match outcome {
        Outcome::Passed => (Status::Passed, String::new()),
        Outcome::Failed(failure) => {
            let message = report::failure(step, check, failure);
            (
                Status::Failed,
                anstream::adapter::strip_str(&message).to_string(),
            )
        }
        Outcome::NotRun => {
            let needs = check.needs.map_or("", |needed| needed.id);
            (Status::NotRun, format!("not run (needs {needs})"))
        }
        Outcome::Blocked(why) => (Status::Blocked, format!("not checked: {why}")),
    };
    TestCase {
        id: check.id,
        title: check.title,
        status,
        output,
    }
}
