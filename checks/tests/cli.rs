//! `cargo verify` as a learner calls it: what it prints, how it exits, and that it leaves nothing behind.

mod common;

use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

use common::Scratch;
use serde_json::Value;

/// `cargo verify …` in the workspace at `root`.
fn verify(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_checks"));
    // What cargo would set, were it asked to run this in that workspace.
    command.env("CARGO_MANIFEST_DIR", root.join("checks"));
    command
        .current_dir(root)
        .args(arguments)
        .stdin(Stdio::null());
    command
}

fn run(root: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = verify(root, arguments).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}

const SOLUTION: &str = "checks/../solutions/src/health.rs";

/// One test, because its parts share a scratch workspace: a learner's way from the stub to the solution.
#[test]
fn a_learner_goes_from_the_stub_to_the_solution() -> anyhow::Result<()> {
    let scratch = Scratch::new("cli")?;
    let root = scratch.root();
    let task = "steps/01-health/src/health.rs";

    let (code, said, _) = run(root, &["1"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("Step 1 waits for you"), "{said}");
    assert!(!said.contains('\u{1b}'), "colours in a pipe: {said}");
    let widest = said.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(80), "{widest:?} columns:\n{said}");

    let (code, document, _) = run(root, &["--json"]);
    let document: Value = serde_json::from_str(&document)?;
    assert_eq!(
        (code, &document["format"], &document["result"]),
        (Some(1), &1.into(), &"failed".into())
    );
    let first = &document["steps"][0]["checks"][0];
    assert_eq!(
        (&first["id"], &first["result"]),
        (&"health.answers-200".into(), &"failed".into())
    );
    assert_eq!(
        document["steps"].as_array().map(Vec::len),
        Some(1),
        "it stops at the first step that is not done"
    );

    std::fs::write(root.join(task), "this is not Rust\n")?;
    let (code, said, errors) = run(root, &["step01"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("does not compile") && errors.contains("error"),
        "{said}{errors}"
    );

    scratch.lay(&root.join(SOLUTION), task)?;
    let (code, said, _) = run(root, &["health"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("Step 1 is done. Next: steps/02-db-health/README.md"),
        "{said}"
    );
    Ok(())
}

#[test]
fn the_list_names_every_check_and_hints_come_one_by_one() {
    let root = common::workspace();
    let (code, list, _) = run(&root, &["--list"]);
    assert_eq!(code, Some(0));
    for step in checks::course::STEPS {
        assert!(
            step.checks.iter().all(|check| list.contains(check.id)),
            "{list}"
        );
    }
    for number in ["1", "2", "3"] {
        let (code, hint, _) = run(&root, &["hint", "db-health", number]);
        assert_eq!(code, Some(0));
        assert!(hint.contains(&format!("hint {number} of 3")), "{hint}");
    }
    let (code, _, error) = run(&root, &["hint", "1", "4"]);
    assert_eq!(
        (code, error.as_str()),
        (Some(2), "error: step 1 has 3 hints: there is no hint 4\n")
    );
}

#[test]
fn what_cannot_be_understood_is_said_in_one_line_and_exits_with_2() {
    let root = common::workspace();
    for arguments in [
        &["8"][..],
        &["db"],
        &["hint", "nine"],
        &["--jsom"],
        &["database", "tired"],
    ] {
        let (code, _, error) = run(&root, arguments);
        assert_eq!(code, Some(2), "{error}");
        assert!(error.starts_with("error: "), "{error}");
    }
}

/// Ctrl-C while the learner's program hangs: both end, and the folder that the program ran in is gone.
#[cfg(target_os = "linux")]
#[test]
fn an_interruption_ends_the_learners_program_too() -> anyhow::Result<()> {
    use std::{
        fs, thread,
        time::{Duration, Instant},
    };
    const LIMIT: Duration = Duration::from_secs(60);
    const PACE: Duration = Duration::from_millis(20);

    let scratch = Scratch::new("interrupted")?;
    let attempt =
        common::workspace().join("checks/attempts/01-health/wrong/answers-once-then-hangs.rs");
    scratch.lay(&attempt, "steps/01-health/src/health.rs")?;
    let mut checker = verify(scratch.root(), &["1"])
        .stdout(Stdio::null())
        .spawn()?;

    // The program that was started is the one whose folder bears the checker's number.
    let folder = std::env::temp_dir().join(format!("workshop-{}-0", checker.id()));
    let running = || {
        let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
        processes
            .filter_map(|process| fs::read_link(process.path().join("cwd")).ok())
            .any(|cwd| cwd.starts_with(&folder))
    };
    let give_up = Instant::now() + LIMIT;
    while !running() {
        assert!(
            checker.try_wait()?.is_none() && Instant::now() < give_up,
            "the program was never started"
        );
        thread::sleep(PACE);
    }
    let interrupted = Command::new("kill")
        .args(["-INT", &checker.id().to_string()])
        .status()?;
    assert!(interrupted.success());
    assert_eq!(checker.wait()?.code(), Some(130));
    assert!(!running(), "the program outlived the checker");
    assert!(!folder.exists(), "{} was left behind", folder.display());
    Ok(())
}
