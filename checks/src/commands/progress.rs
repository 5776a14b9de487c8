//! What `cargo verify` has seen so far: `progress.txt` in the top folder. It may be deleted, copied or committed.

mod file;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use crate::{
    check::{Outcome, Part},
    course::{STEPS, Step},
    verify::{Finding, StepReport},
};

/// A longer pause between two runs is a break.
const LONGEST_THOUGHT: Duration = Duration::from_secs(15 * 60);

/// How the last run of a step ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum State {
    Done,
    Failed,
    /// Its solution was laid over it by `cargo verify catch-up`.
    Skipped,
}

/// What is known about one step.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub state: State,
    /// The files that it is about, see [`fingerprint`].
    fingerprint: u64,
    /// The time between its runs so far, in seconds, without breaks.
    pub used: u64,
    /// The last run, in seconds since 1970.
    last_run: u64,
    /// How many of its checks passed: of the core, and of the extras.
    pub passed: (usize, usize),
}

/// What is known about all steps, and the outcome of each check by its id.
#[derive(Debug, Default, PartialEq)]
pub struct Progress {
    steps: BTreeMap<String, Entry>,
    checks: BTreeMap<String, String>,
}

impl Progress {
    /// Reads it. A file that is not understood is put aside; the second value says so.
    ///
    /// # Errors
    /// When it was written by another version, or cannot be read.
    pub fn read(root: &Path) -> anyhow::Result<(Progress, Option<String>)> {
        file::read(&path(root))
    }

    /// Adds what a run has found.
    pub fn record(&mut self, root: &Path, report: &StepReport) {
        let Finding::Checked(outcomes) = &report.finding else {
            return;
        };
        for (check, outcome) in outcomes {
            let word = match outcome {
                Outcome::Passed => "passed",
                Outcome::Failed(_) => "failed",
                // Nothing new is known about it.
                Outcome::NotRun | Outcome::Blocked(_) => continue,
            };
            self.checks.insert(check.id.to_owned(), word.to_owned());
        }
        let now = now();
        let before = self.steps.get(report.step.name);
        let used = before.map_or(0, |before| {
            let since = now.saturating_sub(before.last_run);
            let thought = before.state != State::Done && since <= LONGEST_THOUGHT.as_secs();
            before.used + if thought { since } else { 0 }
        });
        let entry = Entry {
            state: if report.passed() {
                State::Done
            } else {
                State::Failed
            },
            fingerprint: fingerprint(root, report.step),
            used,
            last_run: now,
            passed: (report.count(Part::Core).0, report.count(Part::Extra).0),
        };
        self.steps.insert(report.step.name.to_owned(), entry);
    }

    /// Records that the solution was laid over a step.
    pub fn skip(&mut self, root: &Path, step: &Step) {
        let entry = Entry {
            state: State::Skipped,
            fingerprint: fingerprint(root, step),
            used: 0,
            last_run: now(),
            passed: (0, 0),
        };
        self.steps.insert(step.name.to_owned(), entry);
    }

    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, root: &Path) -> anyhow::Result<()> {
        file::write(&path(root), self)
    }

    /// What is known about a step.
    pub fn of(&self, step: &Step) -> Option<&Entry> {
        self.steps.get(step.name)
    }

    /// Whether the step has passed, and its files are still the same.
    pub fn is_done(&self, root: &Path, step: &Step) -> bool {
        self.holds(root, step, State::Done)
    }

    /// Whether the solution was laid over the step, and is still there.
    pub fn is_skipped(&self, root: &Path, step: &Step) -> bool {
        self.holds(root, step, State::Skipped)
    }

    fn holds(&self, root: &Path, step: &Step, state: State) -> bool {
        let entry = self.of(step).filter(|entry| entry.state == state);
        entry.is_some_and(|entry| entry.fingerprint == fingerprint(root, step))
    }

    /// The step that the learner is at: the first that is neither done nor skipped.
    pub fn current(&self, root: &Path) -> Option<&'static Step> {
        let open = |step: &&Step| !self.is_done(root, step) && !self.is_skipped(root, step);
        STEPS.iter().find(open)
    }
}

fn path(root: &Path) -> PathBuf {
    root.join("progress.txt")
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_secs()
}

/// A number that changes with any file of the step: FNV-1a over all names and texts, the same on every machine. What a checkout
/// does to line breaks changes nothing.
pub(super) fn fingerprint(root: &Path, step: &Step) -> u64 {
    let own = root.join(step.folder);
    let source = fs::read_dir(own.join("src"))
        .into_iter()
        .flatten()
        .flatten();
    let mut files: Vec<PathBuf> = source.map(|file| file.path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "rs"));
    files.push(own.join("Cargo.toml"));
    files.extend(step.written().into_iter().map(|(file, _)| root.join(file)));
    files.sort();
    files.dedup();
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut add = |bytes: &[u8]| {
        for byte in bytes.iter().filter(|byte| **byte != b'\r') {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for file in files {
        add(file.file_name().unwrap_or_default().as_encoded_bytes());
        add(&[0]);
        add(&fs::read(&file).unwrap_or_default());
        add(&[0]);
    }
    hash
}
