//! What `cargo verify` remembers, and what it lays over the learner's files: nothing of theirs is lost.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::common::{
    self,
    scratch::{Scratch, start_of},
};
use anyhow::Context;
use checks::course::STEPS;

const TASK: &str = "steps/01-health/src/health.rs";

/// Runs `cargo verify …` in this workspace. Returns the exit code, and all that was said.
fn verify(root: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = common::verify::verify(root, arguments)
        .output()
        .expect("it runs");
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.code(),
        String::from_utf8(said).expect("UTF-8"),
    )
}

/// The line about a step in `cargo verify list`.
fn listed(root: &Path, step: &str) -> String {
    let (code, list) = verify(root, &["list"]);
    assert_eq!(code, Some(0), "{list}");
    let line = list.lines().find(|line| line.contains(step));
    let words: Vec<&str> = line.unwrap_or_default().split_whitespace().collect();
    words.join(" ")
}

/// The files beside `path` that hold what the learner had.
fn kept(path: &Path) -> Vec<PathBuf> {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
        + ".";
    let folder = fs::read_dir(path.parent().unwrap_or(path))
        .into_iter()
        .flatten();
    let files = folder.flatten().map(|file| file.path());
    let is_kept = |path: &PathBuf| {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        file.starts_with(&name)
    };
    files.filter(is_kept).collect()
}

#[test]
fn what_has_passed_is_not_run_again_until_it_changes() -> anyhow::Result<()> {
    let scratch = Scratch::of_a_learner("progress")?;
    let root = scratch.root();
    let core = STEPS[0].checks.iter().filter(|check| check.is_core());
    let core = core.count();
    let not_begun = format!("▸ 1 health not begun core 0 of {core}");
    assert!(listed(root, "health").starts_with(&not_begun));

    scratch.lay(&root.join("solutions/src/health.rs"), TASK)?;
    let (code, said) = verify(root, &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("✔ health.answers-200"), "{said}");
    assert!(said.contains("Step 2 waits for you"), "{said}");
    let done = format!("1 health done core {core} of {core}");
    assert!(listed(root, "health").starts_with(&done));
    assert!(listed(root, "db-health").starts_with("▸ 2 db-health not yet core 0 of"));

    let (_, said) = verify(root, &[]);
    assert!(
        said.contains("Step 1  health   passed before, not run again\n"),
        "{said}"
    );
    assert!(!said.contains("✔ health.answers-200"), "{said}");
    let (_, said) = verify(root, &["--again"]);
    assert!(said.contains("✔ health.answers-200"), "{said}");

    let mut code = fs::read_to_string(root.join(TASK))?;
    code += "// one more line\n";
    fs::write(root.join(TASK), code)?;
    assert!(listed(root, "health").starts_with("▸ 1 health changed"));
    let (_, said) = verify(root, &[]);
    assert!(said.contains("✔ health.answers-200"), "{said}");

    scratch.write("progress.txt", "# cargo verify, format 1. You may\n")?;
    assert!(listed(root, "health").starts_with("▸ 1 health not begun"));
    scratch.write("progress.txt", "# cargo verify, format 9\n")?;
    let (code, said) = verify(root, &["list"]);
    assert_eq!((code, said.lines().count()), (Some(2), 1), "{said}");
    fs::remove_file(root.join("progress.txt"))?;
    Ok(())
}

#[test]
fn what_is_laid_over_the_learners_files_keeps_them() -> anyhow::Result<()> {
    let scratch = Scratch::of_a_learner("kept")?;
    let root = scratch.root();
    let task = root.join(TASK);
    for old in kept(&task) {
        fs::remove_file(old)?;
    }
    fs::write(&task, "mine")?;
    let (code, said) = verify(root, &["reset", "1"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(
        fs::read(&task)?,
        fs::read(start_of("steps/01-health").join("health.rs"))?
    );

    let copy = said
        .lines()
        .filter(|line| line.contains(TASK))
        .find_map(|line| line.trim().strip_prefix("cp "));
    let copy = copy.context("it says how to take it back")?;
    let (from, to) = copy
        .trim_matches('\'')
        .split_once("' '")
        .context("two files")?;
    fs::copy(root.join(from), root.join(to))?;
    assert_eq!(fs::read_to_string(&task)?, "mine");

    let (code, said) = verify(root, &["solution", "1"]);
    assert_eq!(code, Some(0));
    assert!(
        said.contains("-mine") && said.contains("Nothing was changed"),
        "{said}"
    );
    assert_eq!(fs::read_to_string(&task)?, "mine");
    let (_, said) = verify(root, &["solution", "1", "--yes"]);
    assert!(said.contains("Step 1 is solved."), "{said}");
    assert_eq!(
        fs::read(&task)?,
        fs::read(root.join("solutions/src/health.rs"))?
    );
    let (_, said) = verify(root, &["solution", "1", "--yes"]);
    assert_eq!(said, "Yours is the solution already.\n");

    fs::write(&task, "mine")?;
    let (code, said) = verify(root, &["catch-up", "3"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.ends_with("Go on with steps/03-container/README.md\n"),
        "{said}"
    );
    assert!(listed(root, "db-health").starts_with("2 db-health skipped"));
    assert!(listed(root, "container").starts_with("▸ 3 container not begun"));

    // Each time "mine" was laid aside, or it was there already.
    let kept = kept(&task);
    assert_eq!(kept.len(), 3, "{kept:?}");
    for kept in kept {
        assert_eq!(fs::read_to_string(&kept)?, "mine");
    }
    fs::remove_file(root.join("progress.txt"))?;
    Ok(())
}
