//! A table for each step, and below it the first failure.

use std::fmt::Write;

use super::test_case::{Status, TestCase};
use crate::verify::StepReport;

pub fn text(steps: &[(&StepReport, Vec<TestCase>)]) -> String {
    let mut text = String::new();
    for (report, tests) in steps {
        let step = report.step;
        let points: u32 = tests.iter().map(TestCase::score).sum();
        let possible: u32 = tests.iter().map(TestCase::max_score).sum();
        let _ = writeln!(
            text,
            "## Step {}: {}\n\n{points} of {possible} checks passed.\n\n| | check | |\n|---|---|---|",
            step.number, step.name
        );
        for test in tests {
            let (mark, remark) = match test.status {
                Status::Passed => ("✔", test.title),
                Status::Failed => ("✘", test.title),
                Status::NotRun | Status::Blocked => ("–", test.output.as_str()),
            };
            let remark = remark.replace('|', "\\|").replace('\n', " ");
            let _ = writeln!(text, "| {mark} | `{}` | {remark} |", test.id);
        }
        if let Some(failed) = tests.iter().find(|test| test.status == Status::Failed) {
            let _ = writeln!(text, "\n{}", fenced(&failed.output));
        }
        text.push('\n');
    }
    text
}

/// As code, whatever it contains: the fence is longer than any in the text.
fn fenced(text: &str) -> String {
    let longest = text.split(|letter| letter != '`').map(str::len).max();
    let fence = "`".repeat(longest.unwrap_or(0).max(2) + 1);
    format!("{fence}text\n{}\n{fence}", text.trim_end())
}
