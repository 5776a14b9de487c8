//! Finds the attempts, and what each says about itself.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use checks::course::find;

use super::Attempt;

pub fn attempts() -> anyhow::Result<Vec<Attempt>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("attempts");
    let mut attempts = BTreeMap::new();
    for step in entries(&root)? {
        for kind in entries(&step)? {
            for path in entries(&kind)? {
                let attempt = read(&root, &step, &kind, path)?;
                attempts.insert(attempt.name.clone(), attempt);
            }
        }
    }
    Ok(attempts.into_values().collect())
}

fn read(root: &Path, step: &Path, kind: &Path, path: PathBuf) -> anyhow::Result<Attempt> {
    // In a folder, whichever file comes first to somebody who reads it.
    let mut text = String::new();
    let files = if path.is_dir() {
        entries(&path)?
    } else {
        vec![path.clone()]
    };
    for file in files {
        text.push_str(&fs::read_to_string(file)?);
    }
    let fails: BTreeSet<String> = text
        .lines()
        .filter_map(|line| {
            let line = line.strip_prefix("//!").or(line.strip_prefix('#'))?;
            line.strip_prefix(" Fails: ")
        })
        .flat_map(|ids| ids.split(',').map(|id| id.trim().to_owned()))
        .collect();
    let name = path
        .strip_prefix(root)?
        .with_extension("")
        .to_string_lossy()
        .replace('\\', "/");
    let right = kind.ends_with("right");
    ensure!(
        right || kind.ends_with("wrong"),
        "{name}: an attempt is right or wrong"
    );
    ensure!(
        right == fails.is_empty(),
        "{name}: a wrong attempt says what it fails, a right one fails nothing"
    );
    let folder = step.file_name().unwrap_or_default().to_string_lossy();
    let step = find(&folder).with_context(|| format!("{name}: there is no step {folder}"))?;
    for id in &fails {
        ensure!(
            step.checks.iter().any(|check| check.id == id),
            "{name}: there is no check {id}"
        );
    }
    Ok(Attempt {
        step,
        name,
        path,
        fails,
    })
}

fn entries(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    Ok(entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?)
}
