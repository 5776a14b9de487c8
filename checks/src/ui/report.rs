//! The report for the learner, in 80 columns, or as many as a narrower terminal has. The text contains colours, which the caller
//! strips where there is no terminal.

mod layout;
mod summary;

pub use summary::{repeat, summary};

use std::fmt::Write;

use super::{
    columns::width,
    style::{BOLD, DIM, GREEN, RED, YELLOW, wrapped},
};
use crate::{
    check::{Blocked, Check, Failure, Outcome, Part},
    course::Step,
    verify::{Finding, StepReport},
};
use layout::{INDENT, below, field, in_columns, indented};

/// The report on one step: a line for each check, then the first failure in full.
pub fn step(report: &StepReport) -> String {
    let mut text = heading(report.step);
    if let Finding::Checked(outcomes) = &report.finding {
        lines(&mut text, outcomes, Part::Core);
        extras(&mut text, report, outcomes);
    }
    text + &details(report)
}

/// The first line of the report on a step.
pub fn heading(step: &Step) -> String {
    format!("{BOLD}Step {}  {}{BOLD:#}\n", step.number, step.name)
}

/// The report on a step that is not checked again.
pub fn passed_before(step: &Step) -> String {
    let heading = heading(step);
    format!("{}   passed before, not run again\n", heading.trim_end())
}

/// What follows the lines of the checks: what stands in the way, and the first failure in full.
pub fn details(report: &StepReport) -> String {
    let mut text = String::new();
    if let Finding::Blocked(Blocked { why, .. }) = &report.finding {
        text += &not_checked(why);
    }
    for why in report.obstacles() {
        text += &not_checked(why);
    }
    if let Some((check, failure)) = report.first_failure() {
        text.push('\n');
        text += &self::failure(report.step, check, failure);
    }
    text.push('\n');
    text
}

fn lines(text: &mut String, outcomes: &[(&'static Check, Outcome)], part: Part) {
    for (check, outcome) in outcomes.iter().filter(|(check, _)| check.part == part) {
        text.push_str(&line(check, outcome, stops(outcomes, check)));
    }
}

/// The check that this one needs, if that has not passed.
pub fn stops(outcomes: &[(&'static Check, Outcome)], check: &Check) -> Option<&'static Check> {
    check.needs.filter(|needed| !passed(outcomes, needed))
}

/// The extras, apart from the core. Those that were not wanted yet take one line.
fn extras(text: &mut String, report: &StepReport, outcomes: &[(&'static Check, Outcome)]) {
    let (passed, all) = report.count(Part::Extra);
    if all == 0 {
        return;
    }
    if report.failed() && !report.extras {
        *text += &extras_wait(report);
    } else {
        let _ = writeln!(text, "  {BOLD}Extras: {passed} of {all}{BOLD:#}");
        lines(text, outcomes, Part::Extra);
    }
}

/// One line for all extras, which are checked when the core passes.
pub fn extras_wait(report: &StepReport) -> String {
    let (_, all) = report.count(Part::Extra);
    match all {
        0 => String::new(),
        all => format!("  {DIM}Extras: {all}, when the core passes{DIM:#}\n"),
    }
}

/// All checks, in the order of a report.
pub fn list(steps: &[&Step]) -> String {
    let mut text = String::new();
    for step in steps {
        let _ = writeln!(text, "{BOLD}Step {}  {}{BOLD:#}", step.number, step.name);
        let (core, extras): (Vec<_>, Vec<_>) = step.checks.iter().partition(|it| it.is_core());
        let line = |check: &&Check| format!("    {}\n", in_columns(check.id, check.title));
        text.extend(core.iter().map(line));
        if !extras.is_empty() {
            let _ = writeln!(text, "  {BOLD}Extras{BOLD:#}");
        }
        text.extend(extras.iter().map(line));
    }
    text
}

fn passed(outcomes: &[(&Check, Outcome)], wanted: &Check) -> bool {
    let named = outcomes.iter().find(|(check, _)| check.id == wanted.id);
    matches!(named, Some((_, Outcome::Passed)))
}

/// `stops`: the check that this one needs, if that has not passed.
pub fn line(check: &Check, outcome: &Outcome, stops: Option<&Check>) -> String {
    let (style, mark, remark) = match outcome {
        Outcome::Passed => (GREEN, '✔', check.title.to_owned()),
        Outcome::Failed(_) => (RED, '✘', check.title.to_owned()),
        Outcome::NotRun => (
            DIM,
            '–',
            match stops {
                Some(needed) => format!("not run (needs {})", short(needed.id)),
                None => "not run (takes longer, comes last)".to_owned(),
            },
        ),
        Outcome::Blocked(_) => (YELLOW, '–', "not checked (see below)".to_owned()),
    };
    format!(
        "  {style}{mark}{style:#} {}\n",
        in_columns(check.id, &remark)
    )
}

fn not_checked(why: &str) -> String {
    let why = wrapped(&format!("not checked: {why}"), 4);
    format!("  {YELLOW}–{YELLOW:#} {}\n", why.trim_start())
}

/// The full report on a failed check: what was expected, what came back, how to reproduce it, and where to read.
pub fn failure(step: &Step, check: &Check, failure: &Failure) -> String {
    let next = format!(
        "{}/README.md, \"{}\"\ncargo verify hint",
        step.folder, check.lesson_section
    );
    let heading = format!("{BOLD}{}{BOLD:#}", check.id);
    let room = width().saturating_sub(INDENT + check.id.len() + 3);
    let heading = if check.title.chars().count() <= room {
        format!("{heading}   {}", check.title)
    } else {
        below(&heading, check.title)
    };
    let mut text = format!("  {RED}✘{RED:#} {heading}\n");
    text.push_str(&field("Expected", &failure.expected, wrapped));
    text.push_str(&field("Found", &failure.found, wrapped));
    text.push_str(&field("Try it", &failure.how, indented));
    if let Some(perhaps) = &failure.perhaps {
        text.push_str(&field("Likely cause", perhaps, wrapped));
    }
    text.push_str(&field("Next", &next, wrapped));
    text
}

/// An id without the name of its step.
fn short(id: &str) -> &str {
    id.split_once('.').map_or(id, |(_, rest)| rest)
}
