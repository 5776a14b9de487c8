//! The programs of attempts: all that a test run needs are built in one run of cargo.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
};

use anyhow::{Context, anyhow};
use checks::{harness::cleanup::CleanupGuard, subject::Target};
use serde_json::Value;

use super::{
    attempts::{Attempt, folder_name},
    scratch::{Scratch, files},
    target,
};

/// The finished service.
const FINISHED: &str = Target::Finished.package();

/// The result of building each program: its path, or why it does not compile.
pub struct Programs {
    built: BTreeMap<String, Result<PathBuf, String>>,
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
        let mut bins: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let mut sources = BTreeMap::new();
        let mut configs = BTreeMap::new();
        let (folder, ending) = run_folder()?;
        for attempt in attempts {
            if let Some(text) = attempt.config()? {
                let path = folder.join(attempt.name.replace('/', "-") + ".yml");
                fs::write(&path, text)?;
                configs.insert(attempt.name.clone(), path);
            }
            let (package, bin) = (attempt.step.package, bin_of(attempt));
            if sources.contains_key(&(attempt.step.folder, bin.clone())) {
                continue;
            }
            sources.insert((attempt.step.folder, bin.clone()), attempt.sources()?);
            bins.entry(package).or_default().push(bin);
        }
        let wanted: BTreeSet<String> = bins
            .iter()
            .flat_map(|(package, bins)| bins.iter().map(move |bin| format!("{package}-{bin}")))
            .chain([FINISHED.to_owned()])
            .collect();
        // Held until the programs have been copied out of it.
        let scratch = Scratch::with_bins("attempts", &bins)?;
        for ((folder, bin), files) in sources {
            for (name, text) in files {
                scratch.write(Path::new(folder).join(&bin).join(name), &text)?;
            }
        }
        eprintln!("programs to build: {}", wanted.len());
        let mut built = cargo(scratch.root(), &wanted)?;
        for (name, built) in &mut built {
            if let Ok(path) = built {
                *path = keep(path, &folder.join(name))?;
            }
        }
        Ok(Programs {
            built,
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

/// The name of an attempt's program in the step's package. An attempt without code shares the solution's program.
fn bin_of(attempt: &Attempt) -> String {
    if !attempt.has_code() {
        return "solution".to_owned();
    }
    let name = attempt.name.strip_prefix(folder_name(attempt.step));
    name.unwrap_or_default()
        .trim_start_matches('/')
        .replace('/', "-")
}

fn cargo(
    root: &Path,
    wanted: &BTreeSet<String>,
) -> anyhow::Result<BTreeMap<String, Result<PathBuf, String>>> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    command
        .current_dir(root)
        .args(["build", "--quiet", "--keep-going"])
        .args(["--message-format", "json"])
        .args(wanted.iter().flat_map(|bin| ["--bin", bin]))
        .stdin(Stdio::null());
    let output = command.output().context("cargo cannot be run")?;
    let mut built: BTreeMap<String, Result<PathBuf, String>> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let message: Value = serde_json::from_str(line).unwrap_or_default();
        let name = message["target"]["name"].as_str().unwrap_or_default();
        if let Some(path) = message["executable"].as_str() {
            built.insert(name.to_owned(), Ok(path.into()));
        } else if message["message"]["level"] == "error" {
            let said = message["message"]["rendered"].as_str().unwrap_or_default();
            let errors = built
                .entry(name.to_owned())
                .or_insert_with(|| Err(String::new()));
            if let Err(errors) = errors {
                errors.push_str(said);
            }
        }
    }
    anyhow::ensure!(
        wanted.iter().all(|name| built.contains_key(name)),
        "cargo does not build: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(built)
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

/// Keeps a program under the name of its package, because messages contain that name.
fn keep(program: &Path, folder: &Path) -> anyhow::Result<PathBuf> {
    let name = program.file_stem().unwrap_or_default().to_string_lossy();
    let package = name.split('-').next().unwrap_or_default();
    fs::create_dir_all(folder)?;
    let kept = folder.join(format!("{package}{}", env::consts::EXE_SUFFIX));
    if fs::hard_link(program, &kept).is_err() {
        fs::copy(program, &kept)?;
    }
    Ok(kept)
}
