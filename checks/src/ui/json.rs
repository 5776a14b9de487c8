//! The report for programs: one JSON document on stdout. `docs/json.md` describes it; `format` counts its incompatible changes.

use serde::Serialize;

use super::say;
use crate::{
    check::{Check, Observer, Outcome, Part},
    course::Step,
    verify::{Finding, StepReport, exit_code},
};

const FORMAT: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    result: &'static str,
    steps: Vec<StepDocument<'a>>,
}

#[derive(Serialize)]
struct StepDocument<'a> {
    step: usize,
    name: &'a str,
    package: &'a str,
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    checks: Vec<CheckDocument<'a>>,
}

/// A line of `--json-lines`.
#[derive(Serialize)]
struct Line<'a> {
    step: usize,
    #[serde(flatten)]
    check: CheckDocument<'a>,
}

#[derive(Serialize)]
struct CheckDocument<'a> {
    id: &'a str,
    title: &'a str,
    part: &'static str,
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    needs: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureDocument<'a>>,
}

#[derive(Serialize)]
struct FailureDocument<'a> {
    expected: &'a str,
    found: &'a str,
    how: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    perhaps: Option<&'a str>,
    next: String,
}

/// The whole document, with a line break at its end.
///
/// # Errors
/// In practice none: all of it is text.
pub fn document(reports: &[StepReport]) -> serde_json::Result<String> {
    let document = Document {
        format: FORMAT,
        result: ["passed", "failed", "blocked"][usize::from(exit_code(reports))],
        steps: reports.iter().map(step).collect(),
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// Prints each check as a line of JSON as soon as it ends.
pub struct Lines {
    pub step: &'static Step,
}

impl Observer for Lines {
    fn began(&self, _check: &'static Check) {}

    fn ended(&self, check: &'static Check, outcome: &Outcome) {
        say(&line(self.step, check, outcome));
    }
}

/// The lines that [`Lines`] could not print: the checks that were not run, or why the whole step was not.
pub fn rest(report: &StepReport) -> String {
    match &report.finding {
        Finding::Checked(outcomes) => outcomes
            .iter()
            .filter(|(_, outcome)| matches!(outcome, Outcome::NotRun))
            .map(|(check, outcome)| line(report.step, check, outcome))
            .collect(),
        Finding::Blocked(_) => compact(&step(report)),
    }
}

fn line(step: &Step, check: &Check, outcome: &Outcome) -> String {
    compact(&Line {
        step: step.number,
        check: self::check(step, check, outcome),
    })
}

fn compact(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("all of it is text") + "\n"
}

fn step(report: &StepReport) -> StepDocument<'_> {
    let (result, reason, checks) = match &report.finding {
        Finding::Checked(outcomes) => {
            let result = match (report.failed(), report.blocked()) {
                (true, _) => "failed",
                (false, true) => "blocked",
                (false, false) => "passed",
            };
            let checks = outcomes
                .iter()
                .map(|(check, outcome)| self::check(report.step, check, outcome));
            (result, None, checks.collect())
        }
        Finding::Blocked(blocked) => ("blocked", Some(blocked.why.as_str()), Vec::new()),
    };
    StepDocument {
        step: report.step.number,
        name: report.step.name,
        package: &report.package,
        result,
        reason,
        checks,
    }
}

fn check<'a>(step: &Step, check: &'a Check, outcome: &'a Outcome) -> CheckDocument<'a> {
    let mut document = CheckDocument {
        id: check.id,
        title: check.title,
        part: match check.part {
            Part::Core => "core",
            Part::Extra => "extra",
        },
        result: "passed",
        needs: None,
        reason: None,
        failure: None,
    };
    match outcome {
        Outcome::Passed => {}
        Outcome::NotRun => {
            document.result = "not-run";
            document.needs = check.needs.map(|needed| needed.id);
        }
        Outcome::Blocked(why) => {
            document.result = "blocked";
            document.reason = Some(why);
        }
        Outcome::Failed(failure) => {
            document.result = "failed";
            document.failure = Some(FailureDocument {
                expected: &failure.expected,
                found: &failure.found,
                how: &failure.how,
                perhaps: failure.perhaps.as_deref(),
                next: format!("{}/README.md, \"{}\"", step.folder, check.lesson_section),
            });
        }
    }
    document
}
