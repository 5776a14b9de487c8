//! Tells the learner, in 80 columns. Colours are in the text; whoever prints it strips them where there is no terminal.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use textwrap::Options;

use crate::{
    check::{Check, Failure, Outcome},
    course::Step,
    verify::{Blocked, Finding, StepReport},
};

pub(crate) const GREEN: Style = AnsiColor::Green.on_default();
pub(crate) const RED: Style = AnsiColor::Red.on_default().bold();
pub(crate) const YELLOW: Style = AnsiColor::Yellow.on_default();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const BOLD: Style = Style::new().bold();

const WIDTH: usize = 80;

/// How wide the longest id is.
const ID_WIDTH: usize = 35;

/// What is said about one step: a line for each check, then the first failure at length, then how it stands.
pub fn step(report: &StepReport) -> String {
    let step = report.step;
    let mut text = format!("{BOLD}Step {}  {}{BOLD:#}\n", step.number, step.name);
    match &report.finding {
        Finding::Checked(outcomes) => {
            for (check, outcome) in outcomes {
                let stops = check.needs.filter(|needed| !passed(outcomes, needed));
                text.push_str(&line(check, outcome, stops));
            }
            for why in report.obstacles() {
                text.push_str(&not_checked(why));
            }
            if let Some((check, failure)) = report.first_failure() {
                text.push_str(&failed(step, check, failure));
            }
        }
        Finding::Blocked(Blocked { why, .. }) => text.push_str(&not_checked(why)),
    }
    text.push('\n');
    text
}

/// The last line: how it stands, and one thing to do next.
pub fn summary(reports: &[StepReport], solutions: bool) -> String {
    let done: Vec<&StepReport> = reports.iter().filter(|report| report.passed()).collect();
    let unfinished = reports
        .iter()
        .find(|report| report.failed() || report.blocked());
    match (unfinished, done.last()) {
        (Some(report), _) if report.untouched() => format!(
            "Step {} waits for you, as it should at first: read {}/README.md\n",
            report.step.number, report.step.folder
        ),
        (Some(report), _) if report.failed() => {
            let (passed, all) = report.count();
            format!(
                "Step {}: {passed} of {all} checks passed.\n",
                report.step.number
            )
        }
        (Some(report), _) => match report.count() {
            (0, _) => format!("Step {} could not be checked.\n", report.step.number),
            (passed, all) => format!(
                "Step {}: {passed} of {all} checks passed, the others could not be made.\n",
                report.step.number
            ),
        },
        (None, Some(_)) if solutions => "The finished service passes.\n".to_owned(),
        (None, Some(last)) => {
            let next = crate::course::STEPS
                .iter()
                .find(|step| step.number == last.step.number + 1);
            let next = next.map_or(String::new(), |step| {
                format!(" Next: {}/README.md", step.folder)
            });
            format!("{GREEN}Step {} is done.{GREEN:#}{next}\n", last.step.number)
        }
        (None, None) => "Nothing was checked.\n".to_owned(),
    }
}

/// All checks there are, a line each.
pub fn list(steps: &[&Step]) -> String {
    let mut text = String::new();
    for step in steps {
        let _ = writeln!(text, "{BOLD}Step {}  {}{BOLD:#}", step.number, step.name);
        for check in step.checks {
            let _ = writeln!(text, "    {:ID_WIDTH$} {}", check.id, check.title);
        }
    }
    text
}

fn passed(outcomes: &[(&Check, Outcome)], id: &str) -> bool {
    let named = outcomes.iter().find(|(check, _)| check.id == id);
    matches!(named, Some((_, Outcome::Passed)))
}

/// `stops`: the check that this one needs, if that has not passed.
fn line(check: &Check, outcome: &Outcome, stops: Option<&str>) -> String {
    let (style, mark, remark) = match outcome {
        Outcome::Passed => (GREEN, '✔', check.title.to_owned()),
        Outcome::Failed(_) => (RED, '✘', check.title.to_owned()),
        Outcome::NotRun => (
            DIM,
            '–',
            match stops {
                Some(needed) => format!("not run (needs {})", short(needed)),
                None => "not run (takes longer, comes last)".to_owned(),
            },
        ),
        Outcome::Blocked(_) => (YELLOW, '–', "not checked (see below)".to_owned()),
    };
    format!("  {style}{mark}{style:#} {:ID_WIDTH$} {remark}\n", check.id)
}

fn not_checked(why: &str) -> String {
    let why = wrapped(&format!("not checked: {why}"), 4);
    format!("  {YELLOW}–{YELLOW:#} {}\n", why.trim_start())
}

fn failed(step: &Step, check: &Check, failure: &Failure) -> String {
    let next = format!(
        "{}/README.md, \"{}\"\ncargo verify hint {}",
        step.folder, check.read, step.number
    );
    let mut text = format!(
        "\n  {RED}✘{RED:#} {BOLD}{}{BOLD:#}   {}\n",
        check.id, check.title
    );
    text.push_str(&field("Expected", &failure.expected));
    text.push_str(&field("Found", &failure.found));
    text.push_str(&field("How", &failure.how));
    if let Some(perhaps) = &failure.perhaps {
        text.push_str(&field("Perhaps", perhaps));
    }
    text.push_str(&field("Next", &next));
    text
}

/// A label, and beside it a text that may have many lines, long ones among them.
fn field(label: &str, value: &str) -> String {
    const INDENT: usize = 17;
    let mut text = String::new();
    for (number, line) in value.lines().enumerate() {
        let wrapped = wrapped(line, INDENT);
        match number {
            0 => {
                let _ = writeln!(
                    text,
                    "      {DIM}{label:<11}{DIM:#}{}",
                    wrapped.get(INDENT..).unwrap_or_default()
                );
            }
            _ => {
                let _ = writeln!(text, "{wrapped}");
            }
        }
    }
    text
}

/// `text` in lines that begin in column `indent` and end before [`WIDTH`].
pub(crate) fn wrapped(text: &str, indent: usize) -> String {
    let indent = " ".repeat(indent);
    let options = Options::new(WIDTH)
        .initial_indent(&indent)
        .subsequent_indent(&indent)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
}

/// An id without the name of its step.
fn short(id: &str) -> &str {
    id.split_once('.').map_or(id, |(_, rest)| rest)
}
