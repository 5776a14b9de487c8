//! `cargo verify list`: the steps, and how far the learner is.

use std::{fmt::Write, path::Path};

use super::progress::{Progress, State};
use crate::{
    check::Part,
    course::{STEPS, Step},
    ui::{
        columns::width,
        style::{BOLD, DIM, GREEN, RED, YELLOW, wrapped},
    },
};

/// Where the details of a step begin.
const COLUMN: usize = 29;

/// A line for each step; where the terminal is too narrow, two.
pub fn text(root: &Path, progress: &Progress) -> String {
    let current = progress.current(root).map(|step| step.number);
    let mut text = String::new();
    for step in STEPS {
        let at = if current == Some(step.number) {
            '▸'
        } else {
            ' '
        };
        let (style, state) = if progress.is_done(root, step) {
            (GREEN, "done")
        } else if progress.is_skipped(root, step) {
            (YELLOW, "skipped")
        } else {
            match progress.of(step).map(|entry| entry.state) {
                None => (DIM, "not begun"),
                Some(State::Failed) => (RED, "not yet"),
                Some(State::Done | State::Skipped) => (YELLOW, "changed"),
            }
        };
        let details = details(step, progress);
        let beside = if COLUMN + details.len() <= width() {
            format!(" {details}")
        } else {
            format!("\n{}", wrapped(&details, 5))
        };
        let _ = writeln!(
            text,
            "{at} {}  {BOLD}{:12}{BOLD:#} {style}{state:10}{style:#}{beside}",
            step.number, step.name
        );
    }
    text
}

/// How many checks passed, and the minutes.
fn details(step: &Step, progress: &Progress) -> String {
    let count = |part| {
        step.checks
            .iter()
            .filter(|check| check.part == part)
            .count()
    };
    let (core, extra) = (count(Part::Core), count(Part::Extra));
    let entry = progress.of(step);
    let (passed, extras) = entry.map_or((0, 0), |entry| entry.passed);
    let mut text = format!("core {passed:2} of {core:2}  ");
    text += &match extra {
        0 => " ".repeat(14),
        _ => format!("extra {extras:2} of {extra:2}"),
    };
    let minutes = entry.map_or(0, |entry| entry.used.div_ceil(60));
    format!("{text}  {minutes:3} min (usual: {})", step.minutes)
}
