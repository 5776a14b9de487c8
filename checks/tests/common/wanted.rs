//! Builds the programs of attempts.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::Context;
use checks::course::STEPS;
use serde_json::Value;

use super::{
    attempts::{Attempt, folder_name},
    groups, profile,
    programs::{Built, FINISHED},
    scratch::{Bin, Scratch},
};

/// What is to be built.
#[derive(Default)]
pub struct Wanted {
    /// The folders of the attempts in the packages of their steps, and the files in them.
    sources: BTreeMap<(&'static str, String), BTreeMap<String, String>>,
    bins: BTreeMap<&'static str, Vec<Bin>>,
    /// The names of attempts that are modules of one program, by package.
    members: BTreeMap<&'static str, BTreeSet<String>>,
    /// The other programs.
    alone: BTreeSet<String>,
}

impl Wanted {
    /// Adds an attempt: as a module of its step's program, or as a program alone.
    pub fn add(&mut self, attempt: &Attempt, is_member: bool) -> anyhow::Result<()> {
        let (package, name) = (attempt.step.package, bin_of(attempt));
        let place = (attempt.step.folder, name.clone());
        if self.sources.contains_key(&place) {
            return Ok(());
        }
        let mut files = attempt.sources()?;
        if is_member {
            if let Some(main) = files.get_mut("main.rs") {
                *main = groups::as_module(main);
            }
            self.members
                .entry(package)
                .or_default()
                .insert(name.clone());
        } else {
            self.alone.insert(format!("{package}-{name}"));
        }
        self.sources.insert(place, files);
        let main = format!("{name}/main.rs");
        self.bins
            .entry(package)
            .or_default()
            .push(Bin { name, main });
        Ok(())
    }

    /// Builds everything, and keeps the programs in `folder`.
    pub fn build(mut self, folder: &Path) -> anyhow::Result<BTreeMap<String, Built>> {
        for package in self.members.keys() {
            self.bins.entry(package).or_default().push(Bin {
                name: groups::NAME.to_owned(),
                main: format!("{}.rs", groups::NAME),
            });
        }
        // Held until the programs have been copied out of it.
        let scratch = Scratch::with_bins("attempts", &self.bins)?;
        for ((folder, name), files) in &self.sources {
            for (file, text) in files {
                scratch.write(Path::new(folder).join(name).join(file), text)?;
            }
        }
        for step in STEPS {
            if let Some(members) = self.members.get(step.package) {
                let text = groups::source(step.package, members.iter());
                scratch.write(format!("{}/{}.rs", step.folder, groups::NAME), &text)?;
            }
        }
        let of_group = |package: &str| format!("{package}-{}", groups::NAME);
        let mut wanted = self.alone.clone();
        wanted.insert(FINISHED.to_owned());
        wanted.extend(self.members.keys().map(|package| of_group(package)));
        let attempts = self.sources.len();
        eprintln!("{attempts} attempts to build, in {} programs", wanted.len());
        let mut built = cargo(scratch.root(), &wanted)?;
        let mut apart = BTreeSet::new();
        for (package, members) in &self.members {
            let members = members.iter().map(|name| format!("{package}-{name}"));
            match built.remove(&of_group(package)) {
                Some(Ok(program)) => built.extend(members.map(|name| (name, Ok(program.clone())))),
                // One of them does not compile: each alone, to know which.
                Some(Err(errors)) => {
                    let first = errors.lines().take(SHOWN).collect::<Vec<_>>().join("\n");
                    eprintln!("{package}: not all compile, so each is built alone\n{first}");
                    apart.extend(members);
                }
                None => apart.extend(members),
            }
        }
        if !apart.is_empty() {
            built.extend(cargo(scratch.root(), &apart)?);
        }
        for (name, built) in &mut built {
            if let Ok(path) = built {
                *path = keep(path, &folder.join(name))?;
            }
        }
        Ok(built)
    }
}

/// The lines of what the compiler said that are shown where attempts do not compile together.
const SHOWN: usize = 8;

/// The name of an attempt's program in the step's package. An attempt without code shares the solution's program.
pub fn bin_of(attempt: &Attempt) -> String {
    if !attempt.has_code() {
        return "solution".to_owned();
    }
    let name = attempt.name.strip_prefix(folder_name(attempt.step));
    name.unwrap_or_default()
        .trim_start_matches('/')
        .replace('/', "-")
}

fn cargo(root: &Path, wanted: &BTreeSet<String>) -> anyhow::Result<BTreeMap<String, Built>> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    command
        .current_dir(root)
        .args(["build", "--quiet", "--keep-going", "--profile", &profile()])
        .args(["--message-format", "json"])
        .args(wanted.iter().flat_map(|bin| ["--bin", bin]))
        .stdin(Stdio::null());
    let output = command.output().context("cargo cannot be run")?;
    let mut built: BTreeMap<String, Built> = BTreeMap::new();
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
