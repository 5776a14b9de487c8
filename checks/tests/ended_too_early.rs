//! What a self-check that ends too early leaves behind. A program of its own: every run clears what a killed one has left, and
//! here the test must be the one that finds it.
#![cfg(target_os = "linux")]

mod common;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::ExitStatus,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use checks::harness::{
    poll,
    process::{self, Child},
};
use common::{scratch::Scratch, terminal::Terminal, verify::verify};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

const SIGINT: i32 = 2;
const SIGKILL: i32 = 9;
const LIMIT: Duration = Duration::from_secs(60);
const PACE: Duration = Duration::from_millis(20);

/// Rows and columns.
const SIZE: (u16, u16) = (40, 80);

const TASK: &str = "steps/01-health/src/health.rs";
const HANGS: &str = "checks/attempts/01-health/wrong/answers-once-then-hangs.rs";

/// One test at a time: the next run must find what its own test has left.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Another child of the learner's program, in a process group of its own.
const LEAVES_ITS_GROUP: &str = r#"
    use std::os::unix::process::CommandExt;
    let mut child = std::process::Command::new("sleep");
    child.arg("1000").process_group(0).spawn().unwrap();
"#;

/// The number of processes whose `exe` or `cwd` lies in this folder.
fn processes_with(link: &str, folder: &Path) -> usize {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|process| fs::read_link(process.path().join(link)).ok())
        .filter(|path| path.starts_with(folder))
        .count()
}

/// A self-check that waits for the answer of a learner's program, which hangs.
struct Waiting {
    scratch: Scratch,
    checker: Child,
    /// The folder that the program runs in.
    folder: PathBuf,
}

impl Waiting {
    fn start(name: &str) -> anyhow::Result<Waiting> {
        let scratch = Scratch::new(name)?;
        scratch.lay(&common::workspace().join(HANGS), TASK)?;
        let task = scratch.root().join(TASK);
        let code = fs::read_to_string(&task)?;
        let (before, after) = code.split_once("    while").expect("the handler waits");
        let code = format!("{before}{LEAVES_ITS_GROUP}    while{after}");
        fs::write(&task, code)?;

        let checker = process::start(verify(scratch.root(), &["1"]))?;
        // The folder has the checker's process ID in its name.
        let folder = format!("workshop-{}-0", process::lock(&checker).id());
        let waiting = Waiting {
            scratch,
            checker,
            folder: env::temp_dir().join(folder),
        };
        let started = || waiting.running() > 1 || process::exit_status(&waiting.checker).is_some();
        poll::is_done(LIMIT, PACE, started);
        assert!(
            waiting.running() > 1,
            "the program and its child were never started"
        );
        Ok(waiting)
    }

    /// The number of processes that were started in the folder.
    fn running(&self) -> usize {
        processes_with("cwd", &self.folder)
    }

    fn end(&self, signal: i32) -> anyhow::Result<ExitStatus> {
        process::lock(&self.checker).signal(signal)?;
        Ok(process::lock(&self.checker).wait()?)
    }

    fn assert_that_nothing_is_left(&self) {
        assert_eq!(self.running(), 0, "a process outlived the checker");
        assert!(!self.folder.exists(), "{} was left", self.folder.display());
    }
}

#[test]
fn an_interruption_ends_the_learners_program_too() -> anyhow::Result<()> {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let waiting = Waiting::start("interrupted")?;
    assert_eq!(waiting.end(SIGINT)?.code(), Some(130));
    waiting.assert_that_nothing_is_left();
    Ok(())
}

#[test]
fn the_next_run_clears_what_a_killed_one_has_left() -> anyhow::Result<()> {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let waiting = Waiting::start("killed")?;
    waiting.end(SIGKILL)?;
    assert!(waiting.running() > 1 && waiting.folder.exists());
    let next = verify(waiting.scratch.root(), &["--list"]).output()?;
    assert_eq!(next.status.code(), Some(0));
    let said = String::from_utf8_lossy(&next.stderr);
    assert!(said.contains("An earlier self-check was killed."), "{said}");
    waiting.assert_that_nothing_is_left();
    Ok(())
}

#[test]
fn the_next_run_clears_what_a_killed_watch_has_left() -> anyhow::Result<()> {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let scratch = Scratch::of_a_learner("watch-killed")?;
    scratch.lay(&common::workspace().join(HANGS), TASK)?;
    let built = scratch.root().join("target");
    let running = || processes_with("exe", &built);
    let mut watch = Terminal::start(verify(scratch.root(), &["watch"]), SIZE)?;
    assert!(
        poll::is_done(LIMIT, PACE, || running() > 0),
        "the program was never started"
    );
    kill(Pid::from_raw(i32::try_from(watch.id())?), Signal::SIGKILL)?;
    watch.wait()?;
    let next = verify(scratch.root(), &["list"]).output()?;
    assert_eq!(next.status.code(), Some(0));
    assert!(
        poll::is_done(LIMIT, PACE, || running() == 0),
        "a program is left"
    );
    Ok(())
}
