//! The text of `progress.txt`: a line for each step, and one for each check.

use std::{fs, io, path::Path};

use anyhow::{Context, bail};

use super::{Entry, Progress, State};
use crate::harness::keep;

/// The first line. Another number means that the lines below are others, too.
const HEADING: &str = "# cargo verify, format 1. You may delete, copy or commit this file.";

const STATES: [(&str, State); 3] = [
    ("done", State::Done),
    ("failed", State::Failed),
    ("skipped", State::Skipped),
];

/// Reads it; see [`Progress::read`].
pub fn read(path: &Path) -> anyhow::Result<(Progress, Option<String>)> {
    let text = match fs::read(path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Default::default()),
        Err(error) => bail!("{} cannot be read: {error}", path.display()),
    };
    let first = text.lines().next().unwrap_or_default();
    let format = first.strip_prefix("# cargo verify, format ");
    if format.is_some_and(|format| !format.starts_with("1.")) {
        bail!(
            "{} is from another version of cargo verify: move it away",
            path.display()
        );
    }
    if let Some(progress) = parse(&text) {
        return Ok((progress, None));
    }
    let aside = path.with_extension("txt.broken");
    fs::rename(path, &aside).with_context(|| format!("cannot move {} away", path.display()))?;
    let said = format!(
        "{} cannot be understood; it is {} now, and progress begins again from nothing.",
        path.display(),
        aside.display()
    );
    Ok((Progress::default(), Some(said)))
}

fn parse(text: &str) -> Option<Progress> {
    let mut progress = Progress::default();
    let mut lines = text.lines();
    (lines.next()? == HEADING).then_some(())?;
    for line in lines.filter(|line| !line.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [
                "step",
                name,
                state,
                fingerprint,
                used,
                last_run,
                core,
                extra,
            ] => {
                let entry = Entry {
                    state: STATES.iter().find(|(word, _)| word == state)?.1,
                    fingerprint: u64::from_str_radix(fingerprint, 16).ok()?,
                    used: used.parse().ok()?,
                    last_run: last_run.parse().ok()?,
                    passed: (core.parse().ok()?, extra.parse().ok()?),
                };
                progress.steps.insert((*name).to_owned(), entry);
            }
            // An id that this version does not know is kept.
            ["check", id, outcome] => {
                progress
                    .checks
                    .insert((*id).to_owned(), (*outcome).to_owned());
            }
            _ => return None,
        }
    }
    Some(progress)
}

/// Writes it; see [`Progress::write`].
pub fn write(path: &Path, progress: &Progress) -> anyhow::Result<()> {
    let text = text(progress);
    keep::write(path, text.as_bytes(), &mut || {})
        .with_context(|| format!("{} cannot be written", path.display()))
}

fn text(progress: &Progress) -> String {
    let mut text = format!("{HEADING}\n");
    for (name, entry) in &progress.steps {
        let state = STATES.iter().find(|(_, state)| *state == entry.state);
        let state = state.map_or("", |(word, _)| word);
        let (core, extra) = entry.passed;
        text += &format!(
            "step {name} {state} {:016x} {} {} {core} {extra}\n",
            entry.fingerprint, entry.used, entry.last_run
        );
    }
    for (id, outcome) in &progress.checks {
        text += &format!("check {id} {outcome}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_unknown_ids_are_kept() {
        let mut progress = Progress::default();
        let entry = Entry {
            state: State::Done,
            fingerprint: 7,
            used: 60,
            last_run: 1_700_000_000,
            passed: (8, 0),
        };
        progress.steps.insert("health".to_owned(), entry);
        progress
            .checks
            .insert("health.from-the-future".to_owned(), "passed".to_owned());
        assert_eq!(parse(&text(&progress)), Some(progress));
    }

    #[test]
    fn a_broken_file_is_put_aside_and_one_of_another_version_stays() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("progress.txt");
        for broken in ["", "\0\u{fffd}", "# cargo verify, format 1. You may"] {
            fs::write(&path, format!("{HEADING}\nstep health {broken}\n"))?;
            let (progress, said) = read(&path)?;
            assert_eq!(progress, Progress::default());
            assert!(said.is_some_and(|said| said.contains("progress.txt.broken")));
            assert!(!path.exists() && path.with_extension("txt.broken").exists());
        }
        fs::write(&path, "# cargo verify, format 2.\n")?;
        assert!(read(&path).is_err());
        assert!(path.exists());
        Ok(())
    }
}
