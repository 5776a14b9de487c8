//! The hints for one check: a question, the section of the lesson, the names to use, and last the lines with those names, as a
//! difference to what the learner has.

use std::{fs, path::Path};

use anyhow::Context;

use super::{
    difference,
    lesson::{laid_out, section, without_mark},
};

use crate::{
    check::Check,
    course::Step,
    ui::style::{BOLD, DIM, wrapped},
};

/// One hint: what it is, and its text.
pub type Rung = (&'static str, String);

/// The hints for a check, each saying more than the one before.
///
/// # Errors
/// When a file of the course cannot be read.
pub fn rungs(root: &Path, step: &Step, check: &Check) -> anyhow::Result<Vec<Rung>> {
    let folder = step.folder.rsplit('/').next().unwrap_or(step.folder);
    // A check may still be without hints of its own.
    let hints = root.join(format!("checks/hints/{folder}.md"));
    let hints = fs::read_to_string(hints).unwrap_or_default();
    let readme = read(&root.join(step.folder).join("README.md"))?;
    let own = section(&hints, check.id).unwrap_or_default();
    let (question, names) = own.trim().split_once("\n\n").unwrap_or((own.trim(), ""));
    let lesson = section(&readme, check.lesson_section).unwrap_or_default();
    let rungs = [
        ("a question", paragraph(question)),
        (
            "the section of the lesson",
            laid_out(&without_mark(lesson.trim())),
        ),
        ("what to use", paragraph(names)),
        (
            "lines of the solution that yours lacks",
            difference::lines(root, step, names)?,
        ),
    ];
    Ok(rungs
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .collect())
}

/// Hint `number`, counted from 1.
///
/// # Errors
/// When there is no such hint.
pub fn show(check: &Check, rungs: &[Rung], number: usize) -> anyhow::Result<String> {
    let rung = number.checked_sub(1).and_then(|index| rungs.get(index));
    let count = rungs.len();
    let (what, text) =
        rung.with_context(|| format!("{} has {count} hints: there is no hint {number}", check.id))?;
    let more = if number < count {
        format!("\n{DIM}More: cargo verify hint {}{DIM:#}\n", check.id)
    } else {
        String::new()
    };
    let heading = format!("{BOLD}{}{BOLD:#}   {}", check.id, check.title);
    Ok(format!(
        "{}\n{}\n\n{text}\n{more}",
        wrapped(&heading, 0),
        wrapped(&format!("{DIM}Hint {number} of {count}, {what}{DIM:#}"), 0)
    ))
}

fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn paragraph(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    wrapped(&line, 0)
}
