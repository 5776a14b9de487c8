//! `cargo mutate`: is each slip in a finished file noticed? Every mutant of the solution (a swapped operator, another number, a
//! line that is gone) is checked like a learner's answer. `cargo mutate 4` mutates one step, `cargo mutate`, all of them.
//!
//! A mutant that passes is a gap in the checks, or a freedom of the lesson. The latter stand in `survivors.txt`, each with its
//! reason. Mutants that do not compile count for nothing.

#[path = "../common/mod.rs"]
mod common;
mod mutant;
mod rust;
mod yaml;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::ExitCode,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use anyhow::{Context, ensure};
use checks::{
    course::{STEPS, Step, find},
    harness::{cleanup, scratch},
};
use common::{
    attempts::{Attempt, Kind, folder_name},
    programs::Programs,
};
use mutant::Mutant;

/// They mostly wait for time limits.
const AT_A_TIME: usize = 8;

/// The share of mutants that the checks must reject, in percent, not counting the named survivors.
const REJECTED_AT_LEAST: usize = 95;

/// Changes, an indented reason, and an empty line.
const SURVIVORS: &str = include_str!("survivors.txt");

fn main() -> anyhow::Result<ExitCode> {
    cleanup::on_interrupt()?;
    let word = std::env::args().nth(1);
    let only = match &word {
        Some(word) => Some(find(word).with_context(|| format!("there is no step {word}"))?),
        None => None,
    };
    let mut good = true;
    for step in STEPS {
        if only.is_none_or(|only| only.number == step.number) {
            good &= mutate(step).with_context(|| folder_name(step))?;
        }
    }
    Ok(ExitCode::from(if good { 0 } else { 101 }))
}

/// Mutates one step, and prints what its checks think of it.
fn mutate(step: &'static Step) -> anyhow::Result<bool> {
    if let Some(why) = (step.lacks)() {
        println!("{}: left out: {why}", folder_name(step));
        return Ok(true);
    }
    let (folder, _guard) = scratch::folder()?;
    let mut attempts = BTreeMap::new();
    for name in files(step) {
        for mutant in mutants(name)? {
            let change = format!("{name}: {}", mutant.change);
            // The same change twice: the second place has a number.
            let again = (2..).map(|count| format!("{change} ({count})"));
            let mut names = [change.clone()].into_iter().chain(again);
            let change = names
                .find(|change| !attempts.contains_key(change))
                .unwrap_or(change);
            let number = attempts.len();
            attempts.insert(change, attempt(step, &folder, number, name, &mutant)?);
        }
    }
    let programs = Programs::build_each(attempts.values())?;
    let passed = passing(step, attempts, &programs)?;
    report(step, &passed)
}

/// The files that the learner writes.
fn files(step: &Step) -> BTreeSet<&'static str> {
    let task = step.task.trim_start_matches("src/");
    [Some(task), step.config].into_iter().flatten().collect()
}

fn mutants(name: &str) -> anyhow::Result<Vec<Mutant>> {
    let solutions = common::workspace().join("solutions");
    if name.ends_with(".rs") {
        Ok(rust::mutants(&fs::read_to_string(
            solutions.join("src").join(name),
        )?))
    } else {
        Ok(yaml::mutants(&fs::read_to_string(solutions.join(name))?))
    }
}

fn attempt(
    step: &'static Step,
    folder: &Path,
    number: usize,
    file: &str,
    mutant: &Mutant,
) -> anyhow::Result<Attempt> {
    let ending = Path::new(file).extension().unwrap_or_default();
    let name = format!("mutant-{number}");
    let path = folder.join(&name).with_extension(ending);
    fs::write(&path, &mutant.text)?;
    Ok(Attempt {
        step,
        kind: Kind::Wrong,
        name: format!("{}/{name}", folder_name(step)),
        path,
        fails: BTreeSet::new(),
    })
}

/// What the checks say about each mutant that compiles: whether it passes.
fn passing(
    step: &'static Step,
    attempts: BTreeMap<String, Attempt>,
    programs: &Programs,
) -> anyhow::Result<BTreeMap<String, bool>> {
    let attempts: Vec<(String, Attempt)> = attempts
        .into_iter()
        .filter(|(_, attempt)| programs.of(attempt).is_ok())
        .collect();
    let next = AtomicUsize::new(0);
    let passing: Mutex<BTreeMap<String, bool>> = Mutex::default();
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                while let Some((change, attempt)) =
                    attempts.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    // A self-check that breaks has not accepted it. What only Docker shows is left out.
                    let passes = attempt
                        .report(programs, step)
                        .is_ok_and(|report| !report.failed());
                    let mut passing = passing.lock().unwrap_or_else(PoisonError::into_inner);
                    passing.insert(change.clone(), passes);
                }
            });
        }
    });
    Ok(passing.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn report(step: &Step, passing: &BTreeMap<String, bool>) -> anyhow::Result<bool> {
    let named = survivors()?;
    let passed: Vec<&str> = passing
        .iter()
        .filter_map(|(change, passes)| passes.then_some(change.as_str()))
        .collect();
    let (known, gaps): (Vec<&str>, Vec<&str>) = passed
        .into_iter()
        .partition(|change| named.contains(change));
    let rejected = passing.values().filter(|passes| !**passes).count();
    let counted = rejected + gaps.len();
    println!(
        "{}: {} mutants, {rejected} rejected, {} survive with a reason, {} without",
        folder_name(step),
        passing.len(),
        known.len(),
        gaps.len()
    );
    for gap in &gaps {
        println!("  {gap}");
    }
    Ok(rejected * 100 >= counted * REJECTED_AT_LEAST)
}

/// The changes in `survivors.txt`.
fn survivors() -> anyhow::Result<BTreeSet<&'static str>> {
    let mut all = BTreeSet::new();
    for entry in SURVIVORS.trim().split("\n\n") {
        let (reason, changes): (Vec<_>, Vec<_>) =
            entry.lines().partition(|line| line.starts_with("  "));
        ensure!(!reason.is_empty(), "survivors.txt: no reason for {entry}");
        all.extend(changes);
    }
    Ok(all)
}
