//! A copy of the workspace in which files can be laid over, built into the folder that all of cargo's builds share.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context;

/// What a build of the steps needs.
const COPIED: [&str; 5] = ["Cargo.lock", "steps", "solutions", "checks", "docs"];

pub struct Scratch {
    root: PathBuf,
}

impl Scratch {
    /// Makes the copy anew. `name` keeps copies apart that are in use at the same time.
    pub fn new(name: &str) -> anyhow::Result<Scratch> {
        let Scratch { root } = Scratch::copy(name, &COPIED)?;
        let workspace = workspace();
        let built = built(&workspace);
        // Libraries are built once for all copies and the workspace itself. Cargo tells packages of one name apart by their
        // versions only, not by where they lie: hence a version of its own for each copy.
        let manifest = fs::read_to_string(workspace.join("Cargo.toml"))?;
        let version = concat!("version = \"", env!("CARGO_PKG_VERSION"), "\"\nedition");
        let own = format!(
            "version = \"{}-{name}\"\nedition",
            env!("CARGO_PKG_VERSION")
        );
        anyhow::ensure!(
            manifest.contains(version),
            "the workspace's version is not where it was"
        );
        write(
            &root.join("Cargo.toml"),
            manifest.replacen(version, &own, 1).as_bytes(),
        )?;
        // As TOML: literal strings, in which a Windows path needs no escapes.
        let (shared, own) = (built.display(), root.join("target"));
        let config = format!(
            "[build]\nbuild-dir = '{shared}'\ntarget-dir = '{}'\n",
            own.display()
        );
        write(&root.join(".cargo/config.toml"), config.as_bytes())?;
        Ok(Scratch { root })
    }

    /// Copies these files and folders, as they are.
    pub fn copy(name: &str, entries: &[&str]) -> anyhow::Result<Scratch> {
        let workspace = workspace();
        let root = built(&workspace).join("scratch").join(name);
        for entry in entries {
            copy(&workspace.join(entry), &root.join(entry))
                .with_context(|| format!("cannot copy {entry}"))?;
        }
        Ok(Scratch { root })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Lays the file `from` over `to`, which is relative to the workspace.
    pub fn lay(&self, from: &Path, to: impl AsRef<Path>) -> anyhow::Result<()> {
        let text = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
        // Written, not copied: cargo goes by the time of the last change.
        fs::write(self.root.join(to), text)?;
        Ok(())
    }
}

pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .expect("the package lies in the workspace")
}

/// The folder that cargo builds in: this test program lies in its `debug/deps`.
fn built(workspace: &Path) -> PathBuf {
    let program = std::env::current_exe().ok();
    let built = program
        .as_deref()
        .and_then(|program| program.ancestors().nth(3));
    built.map_or(workspace.join("target"), Path::to_owned)
}

/// Copies what differs and removes what is too much, so that cargo builds anew only what has changed.
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
        copy(&from.join(&name), &to.join(&name))?;
    }
    Ok(())
}

/// Writes unless the same is there already: cargo goes by the time of the last change.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::read(path).is_ok_and(|present| present == bytes) {
        return Ok(());
    }
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    fs::write(path, bytes)
}
