//! Whatever the readers of other programs' output get: they do not panic, they come to an end, and they take no more memory than
//! what they read deserves. What one of them writes is read again.
//!
//! Each gets real texts of the repository, damaged at random, for five seconds; `FUZZ_SECONDS=600 cargo prove fuzz` takes longer.
//! Before it is read, each input is kept in `target/fuzz/<name>`: there it stays if something is wrong, and comes first next time.
//! A finding becomes a test beside its reader.

mod damage;
mod readers;
mod sinks;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use anyhow::{Context, bail, ensure};
use arbtest::arbtest;
use checks::harness::{poll, run};

use crate::common::{suite::Suite, target, workspace};

const SECONDS: u64 = 5;

/// The time limit for one input, on a busy machine.
const ONE_INPUT: Duration = Duration::from_secs(20);

/// The most that the memory of this process may grow, in kB: a hundred times the longest input.
const GROWTH: u64 = 400_000;

/// The most random bytes for one input: more take their time to make, and damage no more.
const RANDOM: u32 = 1_000;

const PACE: Duration = Duration::from_millis(50);

/// The most that building the test of the formatter takes.
const BUILD: Duration = Duration::from_secs(15 * 60);

pub fn add(suite: &mut Suite) {
    for (name, corpus, reader) in readers::ALL.into_iter().chain(sinks::ALL) {
        suite.add(&format!("fuzz: {name}"), None, move || {
            stands(name, corpus()?, reader)
        });
    }
    suite.add("fuzz: the service's log", None, the_log_of_the_service);
}

/// The time for one reader.
fn time() -> Duration {
    let seconds = env::var("FUZZ_SECONDS").ok();
    let seconds = seconds.and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(SECONDS))
}

fn stands(name: &str, corpus: Vec<Vec<u8>>, reader: fn(&[u8])) -> anyhow::Result<()> {
    ensure!(!corpus.is_empty(), "there is nothing to begin with");
    let kept = kept(name)?;
    let done = Arc::new(AtomicU64::new(0));
    let (count, file) = (Arc::clone(&done), kept.clone());
    let fuzzer = thread::spawn(move || {
        let one = |input: &[u8]| {
            fs::write(&file, input).expect("it can be kept");
            reader(input);
            count.fetch_add(1, Ordering::Relaxed);
        };
        if let Ok(last_time) = fs::read(&file) {
            one(&last_time);
        }
        corpus.iter().for_each(|input| one(input));
        arbtest(|random| {
            one(&damage::damaged(&corpus, random)?);
            Ok(())
        })
        .size_max(RANDOM)
        .budget(time())
        .run();
    });
    let before = memory("VmRSS:");
    let (mut seen, mut most) = (0, before);
    // A thread that hangs cannot be ended; the program can, which follows.
    while !fuzzer.is_finished() {
        let moves = || fuzzer.is_finished() || done.load(Ordering::Relaxed) != seen;
        ensure!(
            poll::is_done(ONE_INPUT, PACE, moves),
            "it hangs: {}",
            kept.display()
        );
        seen = done.load(Ordering::Relaxed);
        most = most.max(memory("VmRSS:"));
        ensure!(
            most < before + GROWTH,
            "it grows to {most} kB: {}",
            kept.display()
        );
        thread::sleep(PACE);
    }
    if fuzzer.join().is_err() {
        bail!("it panics: {}", kept.display());
    }
    fs::remove_file(&kept)?;
    eprintln!("fuzz: {name}: {seen} inputs, {} kB more", most - before);
    Ok(())
}

fn kept(name: &str) -> anyhow::Result<PathBuf> {
    let folder = target().join("fuzz");
    fs::create_dir_all(&folder)?;
    Ok(folder.join(name.replace(' ', "-")))
}

/// What this process takes (`VmRSS:`), or has taken at most (`VmHWM:`), in kB; 0 where the system does not say it in a file.
pub fn memory(which: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix(which));
    let number = resident.and_then(|line| line.trim().split(' ').next()?.parse().ok());
    number.unwrap_or_default()
}

/// All files below a folder whose names end so.
fn texts(folder: &str, ending: &str) -> anyhow::Result<Vec<Vec<u8>>> {
    let mut texts = Vec::new();
    let mut folders = vec![workspace().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if ends_with(&path, ending) {
                texts.push(fs::read(&path)?);
            }
        }
    }
    Ok(texts)
}

fn ends_with(path: &Path, ending: &str) -> bool {
    path.to_string_lossy().ends_with(ending)
}

/// The formatter is private to the service, so its test is there.
fn the_log_of_the_service() -> anyhow::Result<()> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args([
            "test",
            "--quiet",
            "--package",
            "solutions",
            "--test",
            "log_lines",
        ])
        .env("ARBTEST_BUDGET_MS", time().as_millis().to_string())
        .current_dir(workspace());
    let output = run::run(cargo, BUILD + time())?;
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{said}{errors}");
    Ok(())
}
