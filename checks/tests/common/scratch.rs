//! A scratch workspace below `target`, with the steps as they are shipped, whatever a learner has changed in the repository.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use checks::course::STEPS;

use super::{profile, target, workspace};

/// A program to build in addition to a step's own.
pub struct Bin {
    /// What its name adds to the package's.
    pub name: String,
    /// The file of its `main`, in the package.
    pub main: String,
}

/// The workspace. While this value lives, no other test run uses the workspace.
pub struct Scratch {
    root: PathBuf,
    _lock: File,
}

impl Scratch {
    /// Creates it, and waits for any other test run that uses one of this name. `name` separates workspaces that are in use at
    /// the same
    /// time.
    pub fn new(name: &str) -> anyhow::Result<Scratch> {
        Scratch::with_bins(name, &BTreeMap::new())
    }

    /// [`Scratch::new`], as a learner has it: with the starts of the steps and the lessons, and without any progress yet.
    pub fn of_a_learner(name: &str) -> anyhow::Result<Scratch> {
        let scratch = Scratch::new(name)?;
        scratch.copy(&["checks/hints"])?;
        let _ = fs::remove_file(scratch.root().join("progress.txt"));
        for step in STEPS {
            let lesson = Path::new(step.folder).join("README.md");
            scratch.lay(&workspace().join(&lesson), lesson)?;
            let start = Path::new(&step.folder.replace("steps/", "checks/attempts/")).join("start");
            for (name, path) in files(&start_of(step.folder))? {
                scratch.lay(&path, start.join(name))?;
            }
        }
        Ok(scratch)
    }

    /// [`Scratch::new`], with additional programs in the packages of some steps.
    pub fn with_bins(name: &str, bins: &BTreeMap<&str, Vec<Bin>>) -> anyhow::Result<Scratch> {
        let scratch = Scratch::empty(name)?;
        scratch.copy(&["Cargo.lock", "solutions"])?;
        scratch.lay_steps()?;
        for step in STEPS {
            let mut manifest = fs::read_to_string(start_of(step.folder).join("Cargo.toml"))?;
            // Makes cargo reuse the libraries that it has built for the test programs, see `features`.
            manifest = manifest.replacen(
                "[dependencies]\n",
                "[dependencies]\nfeatures = { path = \"../../features\" }\n",
                1,
            );
            for bin in bins.get(step.package).into_iter().flatten() {
                manifest.push_str(&format!(
                    "\n[[bin]]\nname = \"{}-{}\"\npath = {:?}\n",
                    step.package, bin.name, bin.main
                ));
            }
            scratch.write(Path::new(step.folder).join("Cargo.toml"), &manifest)?;
        }
        scratch.write("features/src/lib.rs", "")?;
        scratch.write("features/Cargo.toml", &features()?)?;
        scratch.write("Cargo.toml", &manifest(name)?)?;
        // Libraries are built once for all such workspaces and the repository itself. A string that Rust quotes is valid TOML.
        let config = format!(
            "[build]\nbuild-dir = {:?}\ntarget-dir = {:?}\n",
            target(),
            scratch.root.join("target")
        );
        scratch.write(".cargo/config.toml", &config)?;
        Ok(scratch)
    }

    /// A copy for Docker to build from. It is byte for byte the same except for the steps, so that Docker can reuse what it has
    /// built from the repository as shipped.
    pub fn for_docker(name: &str) -> anyhow::Result<Scratch> {
        let scratch = Scratch::empty(name)?;
        scratch.copy(&[
            ".dockerignore",
            "Cargo.lock",
            "Cargo.toml",
            "checks",
            "compose.yaml",
            "solutions",
            "steps",
        ])?;
        scratch.lay_steps()?;
        for step in STEPS {
            let manifest = Path::new(step.folder).join("Cargo.toml");
            scratch.lay(&start_of(step.folder).join("Cargo.toml"), manifest)?;
        }
        Ok(scratch)
    }

    /// A copy of all that an author changes, with the steps as they are shipped. Its packages have a version of their own, and its
    /// libraries are those of the repository.
    pub fn whole(name: &str) -> anyhow::Result<Scratch> {
        let scratch = Scratch::empty(name)?;
        scratch.copy(&[
            ".ci",
            ".github",
            "CONTRIBUTING.md",
            "Cargo.lock",
            "README.ko.md",
            "README.md",
            "checks",
            "clippy.toml",
            "compose.swarm.yaml",
            "compose.yaml",
            "docs",
            "solutions",
            "steps",
        ])?;
        scratch.lay_steps()?;
        for step in STEPS {
            let manifest = Path::new(step.folder).join("Cargo.toml");
            scratch.lay(&start_of(step.folder).join("Cargo.toml"), manifest)?;
        }
        scratch.write("Cargo.toml", &with_own_version(name)?)?;
        let own = scratch.root.join("target");
        let build = format!(
            "[build]\nbuild-dir = {:?}\ntarget-dir = {own:?}\n",
            target()
        );
        // The aliases are those of the repository, in which it lies.
        scratch.write(".cargo/config.toml", &build)?;
        Ok(scratch)
    }

    fn empty(name: &str) -> anyhow::Result<Scratch> {
        let folder = target().join("scratch");
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let lock = File::create(folder.join(format!("{name}.lock")))?;
        if lock.try_lock().is_err() {
            eprintln!("waiting for another test run, which uses target/scratch/{name}");
            lock.lock()?;
        }
        Ok(Scratch {
            root: folder.join(name),
            _lock: lock,
        })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Copies the file `from` over `to`, which is relative to the root.
    pub fn lay(&self, from: &Path, to: impl AsRef<Path>) -> anyhow::Result<()> {
        let bytes = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
        Ok(write(&self.root.join(to), &bytes)?)
    }

    /// Writes the file `to`, which is relative to the root.
    pub fn write(&self, to: impl AsRef<Path>, text: &str) -> anyhow::Result<()> {
        Ok(write(&self.root.join(to), text.as_bytes())?)
    }

    fn copy(&self, entries: &[&str]) -> anyhow::Result<()> {
        for entry in entries {
            copy(&workspace().join(entry), &self.root.join(entry))
                .with_context(|| format!("cannot copy {entry}"))?;
        }
        Ok(())
    }

    /// The steps as they are shipped, with the Dockerfile, but without their manifests.
    fn lay_steps(&self) -> anyhow::Result<()> {
        for step in STEPS {
            let folder = Path::new(step.folder);
            for (name, path) in files(&start_of(step.folder))? {
                match name.as_str() {
                    "Cargo.toml" => {}
                    "Dockerfile" => self.lay(&path, name)?,
                    _ if name.ends_with(".rs") => self.lay(&path, folder.join("src").join(name))?,
                    _ => self.lay(&path, folder.join(name))?,
                }
            }
        }
        Ok(())
    }
}

/// The folder with the files that a step is shipped with: `checks/attempts/02-db-health/start`.
pub fn start_of(folder: &str) -> PathBuf {
    let name = folder.strip_prefix("steps/").unwrap_or(folder);
    workspace().join("checks/attempts").join(name).join("start")
}

/// The files of a folder, with their names.
pub fn files(folder: &Path) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        files.push((
            entry.file_name().to_string_lossy().into_owned(),
            entry.path(),
        ));
    }
    files.sort();
    Ok(files)
}

/// The workspace's manifest, with a version that has `name` in it.
fn with_own_version(name: &str) -> anyhow::Result<String> {
    let text = fs::read_to_string(workspace().join("Cargo.toml"))?;
    let version = concat!("version = \"", env!("CARGO_PKG_VERSION"), "\"\n");
    ensure!(
        text.contains(version),
        "the workspace's version is not where it was"
    );
    let own = format!("version = \"{}-{name}\"\n", env!("CARGO_PKG_VERSION"));
    Ok(text.replacen(version, &own, 1))
}

/// The workspace's manifest. Cargo distinguishes packages of one name only by their versions, not by their paths: hence a version
/// of its own for each scratch workspace. The programs of the steps are built without debug information, because they are only
/// run.
fn manifest(name: &str) -> anyhow::Result<String> {
    let mut manifest = String::new();
    for line in with_own_version(name)?.lines() {
        match line.split_once(" = ") {
            Some(("members", _)) => {
                manifest.push_str("members = [\"features\", \"solutions\", \"steps/*\"]")
            }
            Some(("default-members", _)) => {}
            _ => manifest.push_str(line),
        }
        manifest.push('\n');
    }
    for step in STEPS {
        manifest.push_str(&format!(
            "\n[profile.{}.package.{}]\ndebug = false\nincremental = false\nstrip = \"debuginfo\"\n",
            profile(),
            step.package
        ));
    }
    Ok(manifest)
}

/// A package with the dependencies of the self-check, its tests and the finished service. Cargo builds a library again for each
/// set of features; with this package in the workspace, the set is the one that the test programs were built with.
fn features() -> anyhow::Result<String> {
    let mut wanted: BTreeMap<String, String> = BTreeMap::new();
    for package in ["checks", "solutions"] {
        let manifest = fs::read_to_string(workspace().join(package).join("Cargo.toml"))?;
        let mut inside = false;
        for line in manifest.lines() {
            if line.starts_with('[') {
                inside = matches!(line, "[dependencies]" | "[dev-dependencies]");
            } else if let (true, Some((name, _))) = (inside, line.split_once(['.', ' '])) {
                // The longer entry is the one that lists features.
                let known = wanted.entry(name.to_owned()).or_default();
                if known.len() < line.len() {
                    line.clone_into(known);
                }
            }
        }
    }
    let lines: Vec<String> = wanted.into_values().collect();
    Ok(format!(
        "[package]\nname = \"features\"\nedition.workspace = true\nversion.workspace = true\n\n[dependencies]\n{}\n",
        lines.join("\n")
    ))
}

/// Folders below `docs/peers` whose content was built there.
const BUILT: [&str; 2] = ["target", ".venv"];

/// Copies files that differ and removes surplus ones, so that cargo rebuilds only what has changed.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if from.is_file() {
        return write(to, &fs::read(from)?);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(to)? {
        let path = entry?.path();
        let gone = path
            .file_name()
            .is_some_and(|name| !from.join(name).exists());
        match (gone, path.is_dir()) {
            (true, true) => fs::remove_dir_all(path)?,
            (true, false) => fs::remove_file(path)?,
            (false, _) => {}
        }
    }
    for entry in fs::read_dir(from)? {
        let name = entry?.file_name();
        if BUILT.iter().any(|built| name == *built) {
            continue;
        }
        copy(&from.join(&name), &to.join(&name))?;
    }
    Ok(())
}

/// Writes the file unless it already has this content: cargo compares modification times.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::read(path).is_ok_and(|present| present == bytes) {
        return Ok(());
    }
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    fs::write(path, bytes)
}
