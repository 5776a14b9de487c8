//! `cargo verify` as a learner runs it: its output, its exit code, and that it leaves nothing behind.

use std::{path::Path, process::Output};

use crate::common::{self, scratch::Scratch, verify::verify};
use serde_json::Value;

fn run(root: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = verify(root, arguments).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}

/// The number of lines that say what is wrong. On a busy machine a line about a build may come before them.
fn lines_of_error(error: &str) -> usize {
    error
        .lines()
        .filter(|line| !line.starts_with("Building "))
        .count()
}

/// A single test, because its parts share a scratch workspace: a learner's way from the stub to the solution.
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

    let (code, lines, _) = run(root, &["1", "--json-lines"]);
    let lines: Vec<Value> = lines
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    assert_eq!((code, &lines[0]["id"]), (Some(1), &first["id"]));
    let all = checks::course::STEPS[0].checks.len();
    assert_eq!((lines.len(), &lines[1]["result"]), (all, &"not-run".into()));

    let report = |format: &str| -> anyhow::Result<String> {
        let (code, _, error) = run(root, &["1", "--report", format, "report"]);
        assert_eq!(code, Some(1), "{error}");
        Ok(std::fs::read_to_string(root.join("report"))?)
    };
    let (failed, skipped) = ("failures=\"1\"", format!("skipped=\"{}\"", all - 1));
    let junit = report("junit")?;
    assert!(
        junit.contains(failed) && junit.contains(&skipped),
        "{junit}"
    );
    for (format, name) in [("gradescope", "max_score"), ("classroom50", "max-score")] {
        let document: Value = serde_json::from_str(&report(format)?)?;
        let points = document["tests"].as_array().into_iter().flatten();
        let points = points.filter_map(|test| test[name].as_u64());
        assert_eq!(points.sum::<u64>(), all as u64, "{format}: {document}");
    }
    assert!(report("markdown")?.contains("| ✘ | `health.answers-200` |"));

    // A disk that is full by then takes away neither the verdict nor what is written elsewhere.
    #[cfg(target_os = "linux")]
    {
        let (code, said, error) = run(root, &["1", "--json", "--report", "junit", "/dev/full"]);
        let document: Value = serde_json::from_str(&said)?;
        assert_eq!(document["result"], "failed");
        let full = "cannot write /dev/full: No space left on device";
        assert!(
            lines_of_error(&error) == 1 && error.contains(full),
            "{error}"
        );
        assert_eq!(code, Some(2));
        let progress = root.join("progress.txt");
        let before = std::fs::read(&progress)?;
        std::os::unix::fs::symlink("/dev/full", root.join("progress.txt.new"))?;
        let (code, said, error) = run(root, &["1"]);
        assert!(said.contains("Step 1 waits for you"), "{said}");
        let full = "progress.txt cannot be written: No space left on device";
        assert!(
            lines_of_error(&error) == 1 && error.contains(full),
            "{error}"
        );
        assert_eq!(code, Some(2));
        assert_eq!(std::fs::read(&progress)?, before);
    }

    std::fs::write(root.join(task), "this is not Rust\n")?;
    let (code, said, errors) = run(root, &["step01"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("does not compile") && errors.contains("error"),
        "{said}{errors}"
    );

    scratch.lay(&root.join("solutions/src/health.rs"), task)?;
    let (code, said, _) = run(root, &["health"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("Step 1 is done. Next: steps/02-db-health/README.md"),
        "{said}"
    );
    Ok(())
}

#[test]
fn all_commands_fit_80_columns_in_the_help() {
    let (code, help, _) = run(&common::workspace(), &["--help"]);
    assert_eq!(code, Some(0));
    for line in help.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
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
