//! Programs that no learner writes on purpose, in place of step 1: the verdict comes within a minute and says what is wrong, nothing is
//! left running, and the self-check takes little memory.
//!
//! This program itself is each of them, if the environment says so; a script between the two sets what only a shell can.

pub mod program;

use std::{
    env, fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use checks::{course::find, harness::poll, subject::Target, verify};

use crate::{
    common::{attempts::plain, programs::Programs, suite::Suite, workspace},
    fuzz::memory,
};

/// The most that a verdict may take, and the most that memory may grow meanwhile, in kB.
const VERDICT: Duration = Duration::from_secs(60);
const GROWTH: u64 = 200_000;

/// What was killed may take a moment to be gone.
const GONE: Duration = Duration::from_secs(5);
const PACE: Duration = Duration::from_millis(20);

/// What the program does, what the script does before, and a word of the message.
const ALL: [(&str, &str, &str); 14] = [
    ("never listens", "", "nobody listens"),
    ("ignores SIGTERM", "trap '' TERM INT HUP", "nobody listens"),
    ("leaves children", "", "nobody listens"),
    ("fills its folder", "", "nobody listens"),
    ("prints a gigabyte", "", "nobody listens"),
    ("prints no line end", "", "nobody listens"),
    ("dies at once", "", "ended by itself"),
    ("kills its group", "kill -KILL 0", "ended by itself"),
    ("dies in the middle", "", "connection was closed"),
    ("holds its port after its end", "", "connection was closed"),
    ("hangs", "", "no answer within"),
    ("answers garbage", "", "HTTP"),
    ("answers half", "", "no answer within"),
    ("answers without end", "", ""),
];

pub fn add(suite: &mut Suite) {
    let lacks = (!cfg!(target_os = "linux")).then_some("only Linux lists the processes in files");
    for (kind, script, says) in ALL {
        let test = move || verdict(kind, script, says);
        suite.add(&format!("hostile: {kind}"), lacks, test);
    }
    suite.add("hostile: needs nine seconds to start", lacks, || {
        passes(|_| "sleep 9".to_owned())
    });
    suite.add("hostile: changes directory", lacks, || {
        passes(|elsewhere| format!("own=$PWD\ncd '{elsewhere}'\nrmdir \"$own\""))
    });
}

fn verdict(kind: &str, script: &str, says: &str) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let step = find("1").context("there is a first step")?;
    let root = workspace();
    let mut subject = step.subject(&root, Target::Step(step.package));
    subject.built = Some(lay(folder.path(), kind, script)?);
    // From now on the most that it takes counts anew.
    fs::write("/proc/self/clear_refs", "5")?;
    let (before, began) = (memory("VmRSS:"), Instant::now());
    let report = verify::step(step, &subject, true)?;
    let took = began.elapsed();
    let said = plain(&report);
    ensure!(took < VERDICT, "after {took:?}: {said}");
    let (_, failure) = report.first_failure().with_context(|| said.clone())?;
    ensure!(failure.found.contains(says), "no word of {says:?}: {said}");
    ensure!(failure.found.len() < 4_000, "who shall read this: {said}");
    let grown = memory("VmHWM:").saturating_sub(before);
    ensure!(grown < GROWTH, "it has grown by {grown} kB");
    let gone = poll::is_done(GONE, PACE, || running(kind).is_empty());
    ensure!(gone, "left behind: {:?}", running(kind));
    eprintln!(
        "hostile: {kind}: {:.1} s, {grown} kB more",
        took.as_secs_f64()
    );
    Ok(())
}

/// The finished service is right, whatever such a script does before it starts. `before` is told of a folder.
fn passes(before: fn(&str) -> String) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let programs = Programs::build([])?;
    let finished = programs.finished()?;
    let path = folder.path().join("script");
    let before = before(&folder.path().display().to_string());
    script(&path, &format!("{before}\nexec '{}'", finished.display()))?;
    let step = find("1").context("there is a first step")?;
    let root = workspace();
    let mut subject = step.subject(&root, Target::Finished);
    subject.built = Some(path);
    let began = Instant::now();
    let report = verify::step(step, &subject, true)?;
    ensure!(report.passed(), "{}", plain(&report));
    ensure!(began.elapsed() < VERDICT, "after {:?}", began.elapsed());
    Ok(())
}

/// The script that becomes this program.
fn lay(folder: &Path, kind: &str, before: &str) -> anyhow::Result<PathBuf> {
    let path = folder.join("hostile");
    let own = env::current_exe()?;
    let own = own.display();
    script(
        &path,
        &format!("{before}\n{}='{kind}' exec '{own}'", program::KIND),
    )?;
    Ok(path)
}

fn script(path: &Path, lines: &str) -> io::Result<()> {
    fs::write(path, format!("#!/bin/sh\n{lines}\n"))?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

/// The processes that were started as this kind, wherever they have gone.
fn running(kind: &str) -> Vec<String> {
    let mark = format!("{}={kind}\0", program::KIND);
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let marked = |path: &PathBuf| {
        let environment = fs::read(path.join("environ")).unwrap_or_default();
        String::from_utf8_lossy(&environment).contains(&mark)
    };
    let paths = processes.map(|process| process.path());
    paths
        .filter(marked)
        .map(|path| path.display().to_string())
        .collect()
}
