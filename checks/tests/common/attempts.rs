//! The attempts under `checks/attempts/<step>`, and the header of each.
//!
//! - `start`: the files that the step is shipped with
//! - `wrong/<name>`: something a learner would write; a line at the top, `Fails: <ids of checks>`, lists the checks that must
//!   fail
//! - `right/<name>`: another correct solution
//!
//! A wrong or right attempt is a file to copy over the step's task (`.rs`) or over the file beside the code (`.yml`), or a folder
//! of `.rs` files if it needs its own `main.rs`. For the container it is a folder of another kind, see `prove/image.rs`. Instead
//! of a whole file there may be a file of its differences (`.rs.diff`, `.yml.diff`), see `edits.rs`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use anyhow::{Context, bail, ensure};
use checks::{
    course::{STEPS, Step, find},
    subject::Target,
    ui::report,
    verify::{self, Finding, StepReport},
};

use super::{
    edits, own_commands, pinning,
    programs::Programs,
    scratch::{files, start_of},
    try_it, workspace,
};

/// The kinds of attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Start,
    Solution,
    Wrong,
    Right,
}

/// One version of a step: its code, and the file beside it.
pub struct Attempt {
    pub step: &'static Step,
    pub kind: Kind,
    /// `02-db-health/wrong/no-bound`
    pub name: String,
    /// Where it is stored; unused for the solution.
    pub path: PathBuf,
    /// The ids of the checks that must fail: none for a right attempt.
    pub fails: BTreeSet<String>,
}

/// Every step as shipped, and its solution.
pub fn starts_and_solutions() -> impl Iterator<Item = Attempt> {
    STEPS.iter().flat_map(|step| {
        let attempt = |kind, what, fails| Attempt {
            step,
            kind,
            name: format!("{}/{what}", folder_name(step)),
            path: start_of(step.folder),
            fails,
        };
        let first = BTreeSet::from([step.checks[0].id.to_owned()]);
        [
            attempt(Kind::Start, "start", first),
            attempt(Kind::Solution, "solution", BTreeSet::new()),
        ]
    })
}

/// All wrong and right attempts, in order: each an attempt, or the reason why it cannot be read.
pub fn wrong_and_right() -> anyhow::Result<Vec<(String, anyhow::Result<Attempt>)>> {
    let mut attempts = Vec::new();
    for step in STEPS {
        let folder = workspace().join("checks/attempts").join(folder_name(step));
        for (kind, name) in [(Kind::Right, "right"), (Kind::Wrong, "wrong")] {
            for (file, path) in files(&folder.join(name))? {
                let file = file.split('.').next().unwrap_or_default();
                let name = format!("{}/{name}/{file}", folder_name(step));
                let attempt = read(step, kind, &name, path);
                attempts.push((name, attempt));
            }
        }
    }
    Ok(attempts)
}

fn read(step: &'static Step, kind: Kind, name: &str, path: PathBuf) -> anyhow::Result<Attempt> {
    let texts = if path.is_dir() {
        files(&path)?.into_iter().map(|(_, path)| path).collect()
    } else {
        vec![path.clone()]
    };
    let mut fails = BTreeSet::new();
    for path in texts {
        let text = fs::read_to_string(&path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        let ids = text.lines().filter_map(|line| {
            let line = line.strip_prefix("//!").or(line.strip_prefix('#'))?;
            line.strip_prefix(" Fails: ")
        });
        fails.extend(ids.flat_map(|ids| ids.split(',').map(|id| id.trim().to_owned())));
    }
    ensure!(
        (kind == Kind::Right) == fails.is_empty(),
        "{}: a wrong attempt says at its top what it fails (Fails: <ids>), a right one does not",
        path.display()
    );
    for id in &fails {
        ensure!(
            step.checks.iter().any(|check| check.id == id),
            "{}: step {} has no check {id}",
            path.display(),
            step.number
        );
    }
    let attempt = Attempt {
        step,
        kind,
        name: name.to_owned(),
        path,
        fails,
    };
    // A diff that does not apply is a failure of this attempt only, and does not stop the others.
    attempt.sources()?;
    attempt.config()?;
    Ok(attempt)
}

/// `02-db-health`
pub fn folder_name(step: &Step) -> &'static str {
    step.folder.strip_prefix("steps/").unwrap_or(step.folder)
}

/// The step of an attempt, by the attempt's name.
pub fn step_of(name: &str) -> Option<&'static Step> {
    find(name.split('/').next()?)
}

impl Attempt {
    /// Whether its code differs from the solution's.
    pub fn has_code(&self) -> bool {
        match self.kind {
            Kind::Start => true,
            Kind::Solution => false,
            Kind::Wrong | Kind::Right => {
                let name = self.path.to_string_lossy();
                self.path.is_dir() || edits::without_ending(&name).ends_with(".rs")
            }
        }
    }

    /// Whether Docker builds it. What differs from the solution in its code alone is checked without.
    pub fn needs_docker(&self) -> bool {
        let in_docker = match self.kind {
            Kind::Start => false,
            Kind::Solution => true,
            Kind::Wrong | Kind::Right => self.path.is_dir(),
        };
        self.step.is_container() && in_docker
    }

    /// The text of the file beside the code, if the step has one.
    pub fn config(&self) -> anyhow::Result<Option<String>> {
        let Some(name) = self.step.config else {
            return Ok(None);
        };
        let solution = workspace().join("solutions").join(name);
        let text = match self.kind {
            Kind::Start => edits::read(&self.path.join(name), None),
            Kind::Wrong | Kind::Right if !self.has_code() => {
                edits::read(&self.path, Some(&solution))
            }
            _ => edits::read(&solution, None),
        };
        text.map(Some)
    }

    /// Its source files and their texts, by name: the wiring that the step is shipped with, and the task.
    pub fn sources(&self) -> anyhow::Result<BTreeMap<String, String>> {
        let start = start_of(self.step.folder);
        let mut bases = BTreeMap::from([("main.rs".to_owned(), start.join("main.rs"))]);
        let task = self.step.task.strip_prefix("src/");
        if let Some(task) = task {
            let path = match self.kind {
                Kind::Start => start.join(task),
                _ => workspace().join("solutions").join(self.step.task),
            };
            bases.insert(task.to_owned(), path);
        }
        let own = match self.kind {
            Kind::Start | Kind::Solution => Vec::new(),
            Kind::Wrong | Kind::Right if self.path.is_dir() => files(&self.path)?,
            Kind::Wrong | Kind::Right => task
                .filter(|_| self.has_code())
                .map(|task| (task.to_owned(), self.path.clone()))
                .into_iter()
                .collect(),
        };
        let mut sources = BTreeMap::new();
        for (name, path) in own {
            let name = edits::without_ending(&name);
            let base = bases.remove(name);
            sources.insert(name.to_owned(), edits::read(&path, base.as_deref())?);
        }
        for (name, path) in bases {
            sources.insert(name, edits::read(&path, None)?);
        }
        Ok(sources)
    }

    /// Checks that its program fails exactly the checks that the attempt lists, and that the commands of the message show why.
    pub fn check(&self, programs: &Programs) -> anyhow::Result<()> {
        let report = self.judge(self.report(programs, self.step)?)?;
        match report.first_failure() {
            Some((_, failure)) if self.kind == Kind::Wrong && failure.file.is_some() => {
                let config = programs.config_of(self).context("it has rules")?;
                try_it::plays(failure, self.step.folder, &config)
            }
            Some((_, failure)) if self.kind == Kind::Wrong && own_commands::gives(failure) => {
                let config = programs.config_of(self).context("it has routes")?;
                own_commands::show(failure, self.step.folder, &config)
            }
            // Other commands about a file beside the code need other tools.
            Some((_, failure)) if self.kind == Kind::Wrong && self.has_code() => {
                try_it::shows(failure, self.step.package, &programs.of(self)?)
            }
            _ => Ok(()),
        }
    }

    /// The report about its program from the checks of `step`, which is the attempt's own or an earlier one.
    pub fn report(&self, programs: &Programs, step: &'static Step) -> anyhow::Result<StepReport> {
        let root = workspace();
        let mut subject = step.subject(&root, Target::Step(self.step.package));
        subject.built = Some(programs.of(self)?);
        // The code is the solution's, which is checked as an attempt of its own.
        subject.config_only = self.kind == Kind::Wrong && !self.has_code();
        subject.code_only = step.is_container();
        if let Some(name) = step.config {
            // An earlier step's file is the solution's, and so is its code.
            subject.config = if step.number == self.step.number {
                programs.config_of(self)
            } else {
                Some(root.join("solutions").join(name))
            };
        }
        verify::step(step, &subject, true)
    }

    /// Compares the failed checks with the attempt's list, and the message with the pinned one. Returns the report as it is pinned.
    pub fn judge(&self, mut report: StepReport) -> anyhow::Result<StepReport> {
        let Finding::Checked(_) = &report.finding else {
            bail!("it could not be checked: {}", plain(&report));
        };
        let failed: BTreeSet<String> = report
            .failures()
            .map(|(check, _)| check.id.to_owned())
            .collect();
        let through = report.passed() || (self.step.is_container() && report.blocked());
        ensure!(
            failed == self.fails && (through || !failed.is_empty()),
            "expected to fail: {:?}\nfailed: {failed:?}\n{}",
            self.fails,
            plain(&report)
        );
        match self.kind {
            Kind::Start => ensure!(
                report.untouched(),
                "the learner has not begun yet, but is told so: {}",
                plain(&report)
            ),
            Kind::Wrong => {
                pinning::redact(&mut report);
                if let Some((check, failure)) = report.first_failure() {
                    let message = report::failure(self.step, check, failure);
                    pinning::compare(&self.name, &without_colours(&message));
                }
            }
            Kind::Solution | Kind::Right => {}
        }
        Ok(report)
    }
}

/// The report as a learner would read it in a pipe.
pub fn plain(report: &StepReport) -> String {
    without_colours(&report::step(report))
}

fn without_colours(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}
