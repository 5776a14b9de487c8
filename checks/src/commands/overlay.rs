//! Lays files over the learner's, which are kept: the start of a step again, its solution, or both for a step that comes later.

use std::{
    fmt::Write,
    fs,
    io::{self, BufRead, IsTerminal},
    path::{Path, PathBuf},
};

use anyhow::Context;
use jiff::ZonedDateTime;
use similar::{ChangeTag, TextDiff};

use super::progress::Progress;
use crate::{
    course::{STEPS, Step},
    harness::keep,
    ui::{
        say,
        style::{BOLD, GREEN, RED},
    },
};

/// A file to write: its path relative to the root, and its new text.
pub type File = (PathBuf, Vec<u8>);

/// `cargo verify reset 2`: the step as it is shipped.
///
/// # Errors
/// When a file cannot be read or written.
pub fn reset(root: &Path, steps: &[&Step]) -> anyhow::Result<()> {
    for step in steps {
        overlay(root, &shipped(root, step)?)?;
        say(&format!("Step {} is as it was shipped.\n", step.number));
    }
    Ok(())
}

/// `cargo verify solution 2`: what the learner's files lack of the solution, and after a question the solution in their place.
///
/// # Errors
/// When a file cannot be read or written.
pub fn solution(root: &Path, step: &Step, without_question: bool) -> anyhow::Result<()> {
    let files = solved(root, step)?;
    let difference = difference(root, &files)?;
    if difference.is_empty() {
        say("Yours is the solution already.\n");
        return Ok(());
    }
    say(&difference);
    if without_question || confirmed("Lay the solution over yours, which is kept? [y/N] ")? {
        overlay(root, &files)?;
        say(&format!("Step {} is solved.\n", step.number));
    }
    Ok(())
}

/// `cargo verify catch-up 5`: the solutions of the steps before it, and its own start.
///
/// # Errors
/// When a file cannot be read or written.
pub fn catch_up(root: &Path, step: &Step) -> anyhow::Result<()> {
    let mut progress = Progress::read(root)?.0;
    for earlier in STEPS.iter().filter(|earlier| earlier.number < step.number) {
        if !progress.is_done(root, earlier) {
            overlay(root, &solved(root, earlier)?)?;
            progress.skip(root, earlier);
        }
    }
    overlay(root, &shipped(root, step)?)?;
    progress.write(root)?;
    say(&format!(
        "The steps before {} are done, or solved. Go on with {}/README.md\n",
        step.number, step.folder
    ));
    Ok(())
}

fn shipped(root: &Path, step: &Step) -> anyhow::Result<Vec<File>> {
    step.is_there(root)?;
    let files = step.shipped(root);
    let files = files.with_context(|| format!("the start of step {} is gone", step.number))?;
    files
        .into_iter()
        .map(|(to, from)| Ok((to, read(&from)?)))
        .collect()
}

fn solved(root: &Path, step: &Step) -> anyhow::Result<Vec<File>> {
    step.is_there(root)?;
    let files = step.written().into_iter();
    files
        .map(|(to, from)| Ok((to, read(&root.join(from))?)))
        .collect()
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Writes the files, and says for each that was kept how to take it back.
///
/// # Errors
/// When one cannot be written.
pub fn overlay(root: &Path, files: &[File]) -> anyhow::Result<()> {
    let stamp = ZonedDateTime::now().strftime("%Y-%m-%d-%H%M%S").to_string();
    for (path, text) in files {
        let kept = keep::replace(&root.join(path), text, &stamp, &mut || {});
        let kept = kept.with_context(|| format!("cannot write {}", path.display()))?;
        if let Some(kept) = kept {
            let kept = kept.strip_prefix(root).unwrap_or(&kept);
            say(&format!(
                "Your {} is kept. To take it back:\n    cp '{}' '{}'\n",
                path.display(),
                kept.display(),
                path.display()
            ));
        }
    }
    Ok(())
}

/// The lines of the learner's that would go, and those that would come.
fn difference(root: &Path, files: &[File]) -> anyhow::Result<String> {
    let mut text = String::new();
    for (path, new) in files {
        let old = fs::read(root.join(path)).unwrap_or_default();
        if old == *new {
            continue;
        }
        let (old, new) = (String::from_utf8_lossy(&old), String::from_utf8_lossy(new));
        writeln!(text, "{BOLD}{}{BOLD:#}", path.display())?;
        let diff = TextDiff::from_lines(&old, &new);
        for hunk in diff.unified_diff().iter_hunks() {
            writeln!(text, "{}", hunk.header())?;
            for change in hunk.iter_changes() {
                let (tag, line) = (change.tag(), change.value().trim_end());
                match tag {
                    ChangeTag::Delete => writeln!(text, "{RED}-{line}{RED:#}")?,
                    ChangeTag::Insert => writeln!(text, "{GREEN}+{line}{GREEN:#}")?,
                    ChangeTag::Equal => writeln!(text, " {line}")?,
                }
            }
        }
    }
    Ok(text)
}

/// Whether the learner says yes. Without a terminal the answer is no: `--yes` is the way then.
fn confirmed(question: &str) -> io::Result<bool> {
    if !io::stdin().is_terminal() {
        say("Nothing was changed: --yes lays the solution over yours.\n");
        return Ok(false);
    }
    say(question);
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}
