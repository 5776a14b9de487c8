//! The verdict for grading tools: one test for each check, with the message as its output. What could not be checked counts
//! neither for nor against the learner.

mod junit;
mod markdown;
mod test_case;

use std::{env, str::FromStr};

use serde_json::{Value, json};

use crate::verify::StepReport;
use test_case::TestCase;

/// The formats of `--report`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Format {
    /// XML that most CI systems show.
    Junit,
    /// `result.json` of Classroom 50: <https://github.com/foundation50/classroom50/wiki/Advanced-Autograding>
    Classroom50,
    /// `results.json` of Gradescope: <https://gradescope-autograders.readthedocs.io/en/latest/specs/>
    Gradescope,
    /// A table, for a job's summary.
    Markdown,
}

impl FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Format, String> {
        match word {
            "junit" => Ok(Format::Junit),
            "classroom50" => Ok(Format::Classroom50),
            "gradescope" => Ok(Format::Gradescope),
            "markdown" => Ok(Format::Markdown),
            _ => Err(format!(
                "there is no report {word}: name junit, classroom50, gradescope or markdown"
            )),
        }
    }
}

/// The report on these steps.
pub fn text(format: Format, reports: &[StepReport]) -> String {
    let steps: Vec<(&StepReport, Vec<TestCase>)> = reports
        .iter()
        .map(|report| (report, test_case::of(report)))
        .collect();
    match format {
        Format::Junit => junit::text(&steps),
        Format::Markdown => markdown::text(&steps),
        Format::Gradescope => pretty(&gradescope(&steps)),
        Format::Classroom50 => pretty(&classroom50(&steps)),
    }
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn gradescope(steps: &[(&StepReport, Vec<TestCase>)]) -> Value {
    let tests = steps.iter().flat_map(|(_, tests)| tests);
    let tests: Vec<Value> = tests
        .map(|test| {
            let mut value = json!({
                "name": format!("{}: {}", test.id, test.title),
                "score": test.score(),
                "max_score": test.max_score(),
                "output": test.output,
                "visibility": "visible",
            });
            if test.max_score() > 0 {
                let status = if test.score() > 0 { "passed" } else { "failed" };
                value["status"] = status.into();
            }
            value
        })
        .collect();
    json!({ "tests": tests, "visibility": "visible" })
}

/// The runner says in variables who handed it in, and where.
fn classroom50(steps: &[(&StepReport, Vec<TestCase>)]) -> Value {
    let variable = |name| env::var(name).unwrap_or_default();
    let all: Vec<&TestCase> = steps.iter().flat_map(|(_, tests)| tests).collect();
    // A test worth no points was not run: leave it out.
    let counted = all.iter().filter(|test| test.max_score() > 0);
    let tests: Vec<Value> = counted
        .map(|test| {
            json!({
                "test-name": test.id,
                "passed": test.score() > 0,
                "score": test.score(),
                "max-score": test.max_score(),
                "output": test.output,
            })
        })
        .collect();
    let review = Some(variable("REVIEW_URL")).filter(|url| !url.is_empty());
    json!({
        "schema": "classroom50/result/v1",
        "classroom": variable("CLASSROOM"),
        "assignment": variable("ASSIGNMENT"),
        "submission": variable("SUBMISSION_TAG"),
        "commit": variable("COMMIT_URL"),
        "release": variable("RELEASE_URL"),
        "review": review.unwrap_or_else(|| variable("COMMIT_URL")),
        "datetime": jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "score": all.iter().map(|test| test.score()).sum::<u32>(),
        "max-score": all.iter().map(|test| test.max_score()).sum::<u32>(),
        "tests": tests,
    })
}
