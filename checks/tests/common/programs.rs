//! The programs of attempts, for the length of a test run.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::PathBuf,
    process,
    sync::atomic::{AtomicU16, Ordering},
};

use anyhow::{Context, anyhow};
use checks::{harness::cleanup::CleanupGuard, subject::Target};

use super::{
    attempts::Attempt,
    groups,
    scratch::files,
    target,
    wanted::{Wanted, bin_of},
};

/// The finished service.
pub const FINISHED: &str = Target::Finished.package();

/// A program: its path, or why it does not compile.
pub type Built = Result<PathBuf, String>;

/// The result of building each program.
pub struct Programs {
    built: BTreeMap<String, Built>,
    /// The files beside the code, by the name of the attempt.
    configs: BTreeMap<String, PathBuf>,
    _folder: CleanupGuard,
}

impl Programs {
    /// Builds the programs of these attempts, and the finished service.
    ///
    /// # Errors
    /// When cargo cannot be run, or fails for another reason than code that does not compile.
    pub fn build<'a>(attempts: impl IntoIterator<Item = &'a Attempt>) -> anyhow::Result<Programs> {
        Programs::of_all(attempts, groups::takes)
    }

    /// [`Programs::build`], for attempts of which many do not compile: each is a program alone.
    ///
    /// # Errors
    /// As there.
    pub fn build_each<'a>(
        attempts: impl IntoIterator<Item = &'a Attempt>,
    ) -> anyhow::Result<Programs> {
        Programs::of_all(attempts, |_| false)
    }

    fn of_all<'a>(
        attempts: impl IntoIterator<Item = &'a Attempt>,
        is_member: fn(&Attempt) -> bool,
    ) -> anyhow::Result<Programs> {
        let mut wanted = Wanted::default();
        let mut configs = BTreeMap::new();
        let (folder, ending) = run_folder()?;
        for attempt in attempts {
            if let Some(text) = attempt.config()? {
                let path = folder.join(attempt.name.replace('/', "-") + ".yml");
                fs::write(&path, text)?;
                configs.insert(attempt.name.clone(), path);
            }
            wanted.add(attempt, is_member(attempt))?;
        }
        Ok(Programs {
            built: wanted.build(&folder)?,
            configs,
            _folder: ending,
        })
    }

    /// The program of this attempt.
    ///
    /// # Errors
    /// When it does not compile: the compiler's messages.
    pub fn of(&self, attempt: &Attempt) -> anyhow::Result<PathBuf> {
        self.get(&format!("{}-{}", attempt.step.package, bin_of(attempt)))
            .with_context(|| format!("{} does not compile", attempt.path.display()))
    }

    /// The file beside the code of this attempt, if its step has one.
    pub fn config_of(&self, attempt: &Attempt) -> Option<PathBuf> {
        self.configs.get(&attempt.name).cloned()
    }

    /// The finished service.
    ///
    /// # Errors
    /// When it does not compile: the compiler's messages.
    pub fn finished(&self) -> anyhow::Result<PathBuf> {
        self.get(FINISHED)
    }

    fn get(&self, name: &str) -> anyhow::Result<PathBuf> {
        let built = self.built.get(name);
        let built = built.with_context(|| format!("{name} was not built"))?;
        built.clone().map_err(|errors| anyhow!(errors))
    }
}

/// A folder for this test run, in which no later build replaces a program. Removed at the end, also on Ctrl-C; one that a killed run
/// has left behind is removed here.
fn run_folder() -> anyhow::Result<(PathBuf, CleanupGuard)> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    const LOCK: &str = "lock";
    let runs = target().join("scratch/runs");
    fs::create_dir_all(&runs)?;
    // Between two runs that start at once: neither takes the other's new folder for an old one.
    let gate = File::create(runs.with_extension("lock"))?;
    gate.lock()?;
    for (_, left) in files(&runs)? {
        if File::open(left.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok()) {
            fs::remove_dir_all(left)?;
        }
    }
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = runs.join(format!("{}-{number}", process::id()));
    CleanupGuard::of(|| {
        fs::create_dir_all(&folder)?;
        let lock = File::create(folder.join(LOCK))?;
        lock.lock()?;
        let made = folder.clone();
        let end: Box<dyn FnOnce() + Send> = Box::new(move || {
            drop(lock);
            let _ = fs::remove_dir_all(made);
        });
        Ok((folder, end))
    })
}
