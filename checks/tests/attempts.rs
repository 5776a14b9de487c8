//! The proof about the self-check: it accepts every right attempt, and of every wrong one it refuses exactly what the file
//! says. Adding an attempt is adding a file under `checks/attempts/<step>/wrong` or `…/right`, or a folder of them where another
//! `main.rs` belongs to it; for the container it is a folder of another kind, see `attempts/image.rs`.
//!
//! The message about a wrong attempt is pinned under `tests/snapshots`; `INSTA_UPDATE=always cargo test -p checks --test
//! attempts` writes the new ones.

mod common;
#[path = "common/docker.rs"]
mod docker;
#[path = "attempts/image.rs"]
mod image;
#[path = "attempts/pinning.rs"]
mod pinning;
#[path = "attempts/reading.rs"]
mod reading;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context, bail, ensure};
use checks::{
    alertmanager::{alertmanager, amtool},
    course::{STEPS, Step},
    program, report,
    verify::{self, Finding, Subject},
};
use common::Scratch;
use image::Images;
use libtest_mimic::{Arguments, Failed, Trial};
use pinning::pin;
use reading::attempts;

/// Most of a run is waiting for time limits.
const AT_A_TIME: usize = 3;

/// A task file to lay over a step's, or a folder of files: for its `src`, or to build an image from.
struct Attempt {
    step: &'static Step,
    /// `02-db-health/wrong/no-bound`
    name: String,
    path: PathBuf,
    /// The ids of the checks that must fail: none for a right one.
    fails: BTreeSet<String>,
}

fn main() -> anyhow::Result<()> {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(AT_A_TIME);
    let attempts = attempts()?;
    let mut trials = vec![Trial::test("every_check_is_failed_by_some_attempt", {
        let failed: BTreeSet<String> = attempts
            .iter()
            .flat_map(|attempt| attempt.fails.clone())
            .collect();
        move || every_check_is_among(&failed).map_err(Failed::from)
    })];
    trials.push(Trial::test("every_check_alone_refuses_some_attempt", {
        let alone: BTreeSet<String> = attempts
            .iter()
            .filter(|attempt| attempt.fails.len() == 1)
            .flat_map(|attempt| attempt.fails.clone())
            .collect();
        move || every_check_is_among(&alone).map_err(Failed::from)
    }));
    // One build at a time: they share the folder that they build in.
    let scratch = Arc::new(Mutex::new(Scratch::new("attempts")?));
    let images = Arc::new(Images::new()?);
    let blocked = docker::blocked();
    let in_docker = attempts.iter().filter(|it| it.is_image()).count();
    if let Some(why) = &blocked {
        eprintln!("{in_docker} attempts are ignored, because they are built with Docker. {why}");
    }
    let no_alertmanager = alertmanager().and(amtool()).err();
    if let Some(why) = &no_alertmanager {
        eprintln!("the attempts at step 7 are ignored. {why}");
    }
    for attempt in attempts {
        let (scratch, images) = (Arc::clone(&scratch), Arc::clone(&images));
        let ignored = attempt.is_image() && blocked.is_some()
            || attempt.step.name == "on-call" && no_alertmanager.is_some();
        let trial = Trial::test(attempt.name.clone(), move || {
            attempt
                .check(&scratch, &images)
                .map_err(|error| Failed::from(format!("{error:#}")))
        });
        trials.push(trial.with_ignored_flag(ignored));
    }
    libtest_mimic::run(&arguments, trials).exit()
}

fn every_check_is_among(ids: &BTreeSet<String>) -> Result<(), String> {
    let checks = STEPS.iter().flat_map(|step| step.checks);
    let missing: Vec<&str> = checks
        .map(|check| check.id)
        .filter(|id| !ids.contains(*id))
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(format!("no such attempt for {}", missing.join(", ")))
    }
}

impl Attempt {
    fn check(&self, scratch: &Mutex<Scratch>, images: &Images) -> anyhow::Result<()> {
        let mut report = if self.is_image() {
            images.check(self)?
        } else {
            let folder = tempfile::tempdir()?;
            let executable = self.build(scratch, folder.path())?;
            let workspace = common::workspace();
            let solution = |file| workspace.join("solutions").join(file);
            let config = match self.is_code() {
                true => self.step.config.map(solution),
                false => Some(self.path.clone()),
            };
            let subject = Subject {
                built: Some(executable),
                config,
                ..Subject::new(&workspace, self.step.package)
            };
            verify::step(self.step, &subject)?
        };
        let Finding::Checked(_) = &report.finding else {
            bail!("it could not be checked: {}", report::step(&report));
        };
        let failed: BTreeSet<String> = report
            .failures()
            .map(|(check, _)| check.id.to_owned())
            .collect();
        pinning::settle(&mut report);
        let message = anstream::adapter::strip_str(&report::step(&report)).to_string();
        ensure!(
            failed == self.fails && (report.passed() || !failed.is_empty()),
            "expected to fail: {:?}\nfailed: {failed:?}\n{message}",
            self.fails
        );
        if !failed.is_empty() {
            pin(&self.name, &message);
        }
        Ok(())
    }

    /// Whether it is built with Docker.
    fn is_image(&self) -> bool {
        self.step.name == "container"
    }

    /// Whether it is code, and not the file beside it.
    fn is_code(&self) -> bool {
        self.path.is_dir() || self.path.extension().is_some_and(|end| end == "rs")
    }

    /// Builds the step with this file, or with the solution where this is not code, and keeps the program in `folder`, where no later build replaces it.
    fn build(&self, scratch: &Mutex<Scratch>, folder: &Path) -> anyhow::Result<PathBuf> {
        let scratch = scratch.lock().unwrap_or_else(PoisonError::into_inner);
        let (workspace, step) = (common::workspace(), Path::new(self.step.folder));
        let solution = workspace.join("solutions").join(self.step.task);
        let task = match self.path.extension() {
            Some(end) if end == "rs" => &self.path,
            _ => &solution,
        };
        scratch.lay(task, step.join(self.step.task))?;
        // The wiring as it is, unless a folder brings another.
        let main = step.join("src/main.rs");
        scratch.lay(&workspace.join(&main), &main)?;
        if self.path.is_dir() {
            for entry in fs::read_dir(&self.path)? {
                let file = entry?;
                scratch.lay(&file.path(), step.join("src").join(file.file_name()))?;
            }
        }
        let Some(built) = program::build(scratch.root(), self.step.package)? else {
            bail!("{} does not compile", self.path.display());
        };
        let kept = folder.join(built.file_name().context("a program has a name")?);
        fs::copy(&built, &kept)?;
        Ok(kept)
    }
}
