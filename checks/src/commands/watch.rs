//! `cargo verify watch`: checks the step again each time a file of it is saved.

mod keys;
mod run;
mod terminal;

use std::{
    path::Path,
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::Duration,
};

use jiff::ZonedDateTime;

use super::progress::{Progress, fingerprint};
use crate::{
    course::{STEPS, Step},
    ui::{
        columns, say,
        style::{BOLD, DIM, wrapped},
    },
};
use keys::Key;
use run::Run;
use terminal::Terminal;

/// Polling interval. Reading five small files takes less than a millisecond, and unlike notifications it works on every file
/// system: on WSL's `/mnt`, in containers, on a network.
const PACE: Duration = Duration::from_millis(100);

const KEYS: &str = "r run · h hint · l list · n next step · d difference · q quit";

/// What is watched, and what was seen of it.
struct Watch<'a> {
    root: &'a Path,
    step: &'static Step,
    terminal: Terminal,
    /// The run that is under way, or has just ended.
    run: Option<Run>,
    /// Whether it is a check, and not a hint or a list that a key has asked for.
    is_check: bool,
    runs: usize,
    /// The fingerprint of the files at the last poll, and at the start of the last run.
    seen: u64,
    checked: Option<u64>,
}

/// Watches `step`, or else the step that the learner is at, until `q`.
///
/// # Errors
/// When a check cannot be started.
pub fn watch(root: &Path, step: Option<&'static Step>) -> anyhow::Result<()> {
    let current = || Progress::read(root).map(|(progress, _)| progress.current(root));
    let step = match step {
        Some(step) => step,
        None => current()?.unwrap_or(&STEPS[0]),
    };
    step.is_there(root)?;
    let terminal = Terminal::begin()?;
    let keys = keys::pressed();
    let mut watch = Watch {
        root,
        step,
        terminal,
        run: None,
        is_check: false,
        runs: 0,
        seen: fingerprint(root, step),
        checked: None,
    };
    while watch.turn(&keys)? {}
    Ok(())
}

impl Watch<'_> {
    /// Looks at the files, the run and the keys once. Returns whether to go on.
    fn turn(&mut self, keys: &Receiver<Key>) -> anyhow::Result<bool> {
        let now = fingerprint(self.root, self.step);
        // An editor writes a file in several parts: it is complete when two polls find the same.
        let is_whole = now == self.seen;
        self.seen = now;
        if is_whole && self.checked != Some(now) {
            self.check(now)?;
        }
        if let Some(code) = self.run.as_mut().and_then(Run::ended) {
            self.run = None;
            self.say_how_to_go_on(code);
        }
        match keys.recv_timeout(PACE) {
            Ok(Key::Quit) => return Ok(false),
            Ok(key) => self.obey(key)?,
            // No keys can come any more: the files can still change.
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(PACE),
            Err(RecvTimeoutError::Timeout) => {}
        }
        Ok(true)
    }

    /// Begins a run. One that is under way is ended first.
    fn check(&mut self, files: u64) -> anyhow::Result<()> {
        self.run = None;
        self.runs += 1;
        self.checked = Some(files);
        self.terminal.clear();
        // Its size may have changed. If it is too narrow, the run says so.
        let _ = columns::fit_terminal();
        let time = ZonedDateTime::now().strftime("%H:%M:%S").to_string();
        say(&format!("{DIM}Run {} at {time}{DIM:#}\n", self.runs));
        self.is_check = true;
        self.run = Some(Run::start(self.root, &[self.step.name])?);
        Ok(())
    }

    fn say_how_to_go_on(&self, code: Option<i32>) {
        if self.is_check && code == Some(0) && self.next().is_some() {
            say(&format!(
                "\n{BOLD}Press n to go on with the next step.{BOLD:#}"
            ));
        }
        say(&format!("\n{DIM}{}{DIM:#}\n", wrapped(KEYS, 0)));
    }

    fn next(&self) -> Option<&'static Step> {
        STEPS
            .iter()
            .find(|step| step.number == self.step.number + 1)
    }

    fn obey(&mut self, key: Key) -> anyhow::Result<()> {
        let arguments = match key {
            Key::Run => return self.check(self.seen),
            Key::Next => {
                if let Some(next) = self.next() {
                    self.step = next;
                    self.seen = fingerprint(self.root, next);
                    self.check(self.seen)?;
                }
                return Ok(());
            }
            Key::Hint => vec!["hint"],
            Key::List => vec!["list"],
            Key::Difference => vec!["solution", self.step.name],
            Key::Quit | Key::Other => return Ok(()),
        };
        // What is asked for must not be mixed with a verdict.
        if self.run.is_none() {
            self.terminal.clear();
            self.is_check = false;
            self.run = Some(Run::start(self.root, &arguments)?);
        }
        Ok(())
    }
}
