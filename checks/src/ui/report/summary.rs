//! The last lines: the overall state, and what to do next.

use crate::{
    check::Part,
    course::STEPS,
    ui::style::{DIM, GREEN, wrapped},
    verify::StepReport,
};

/// The last line: the overall state, and what to do next.
pub fn summary(reports: &[StepReport], solutions: bool) -> String {
    wrapped(&state(reports, solutions), 0) + "\n"
}

fn state(reports: &[StepReport], solutions: bool) -> String {
    let done: Vec<&StepReport> = reports.iter().filter(|report| report.passed()).collect();
    let unfinished = reports
        .iter()
        .find(|report| report.failed() || report.blocked());
    match (unfinished, done.last()) {
        (Some(report), _) if report.untouched() => format!(
            "Step {} waits for you, as it should at first: read {}/README.md",
            report.step.number, report.step.folder
        ),
        (Some(report), _) if report.failed() => {
            let (passed, all) = counted(report);
            format!(
                "Step {}: {passed} of {all} checks passed.",
                report.step.number
            )
        }
        (Some(report), _) => match counted(report) {
            (0, _) => format!("Step {} could not be checked.", report.step.number),
            (passed, all) => format!(
                "Step {}: {passed} of {all} checks passed, the others could not be made.",
                report.step.number
            ),
        },
        (None, Some(_)) if solutions => "The finished service passes.".to_owned(),
        (None, Some(last)) => {
            let next = STEPS
                .iter()
                .find(|step| step.number == last.step.number + 1);
            let next = next.map_or(String::new(), |step| {
                format!(" Next: {}/README.md", step.folder)
            });
            let extras = match last.count(Part::Extra) {
                (passed, all) if passed < all => format!(" Extras: {passed} of {all}."),
                _ => String::new(),
            };
            format!(
                "{GREEN}Step {} is done.{GREEN:#}{extras}{next}",
                last.step.number
            )
        }
        (None, None) => "All steps are done. cargo verify --again checks them again.".to_owned(),
    }
}

/// How to draw the same values once more. A step that has not been begun fails with any.
pub fn repeat(report: &StepReport, seed: u64) -> String {
    if report.untouched() {
        return String::new();
    }
    format!(
        "{DIM}The same drawn values once more: cargo verify {} --seed {seed}{DIM:#}\n",
        report.step.number
    )
}

/// How many of the checks passed that count, and of how many.
fn counted(report: &StepReport) -> (usize, usize) {
    let (passed, all) = report.count(Part::Core);
    let (more, extras) = report.count(Part::Extra);
    if report.extras {
        (passed + more, all + extras)
    } else {
        (passed, all)
    }
}
