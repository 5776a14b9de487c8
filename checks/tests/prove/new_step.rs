//! `cargo verify new` in a copy of the whole repository: what it lays compiles there, and the copy's own proof holds.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use anyhow::ensure;
use checks::course::STEPS;

use crate::common::{scratch::Scratch, verify::verify};

/// Without the network that cargo would wait for elsewhere.
const OFFLINE: [&str; 2] = ["--offline", "--quiet"];

pub fn a_new_step_is_laid_and_the_proof_holds() -> anyhow::Result<()> {
    let scratch = Scratch::whole("new-step")?;
    let root = scratch.root();
    let before = fs::read_to_string(root.join("checks/src/course.rs"))?;
    for (name, why) in [
        ("health", "is taken"),
        ("match", "is taken"),
        ("Rate_Limit", "is not a name like rate-limit"),
        ("a-name-that-is-far-too-long", "has room for"),
    ] {
        let Output { status, stderr, .. } = new(root, name)?;
        let said = String::from_utf8_lossy(&stderr);
        ensure!(
            status.code() == Some(2) && said.starts_with("error: ") && said.lines().count() == 1,
            "{name}: {said}"
        );
        ensure!(said.contains(why), "{name}: {said}");
    }
    // Nothing that is there is overwritten, and nothing is written beside it.
    scratch.write("solutions/src/rate_limit.rs", "// somebody's\n")?;
    let Output { status, stderr, .. } = new(root, "rate-limit")?;
    let said = String::from_utf8_lossy(&stderr);
    ensure!(
        status.code() == Some(2) && said.contains("is not overwritten"),
        "{said}"
    );
    ensure!(fs::read_to_string(root.join("checks/src/course.rs"))? == before);
    fs::remove_file(root.join("solutions/src/rate_limit.rs"))?;

    let laid = new(root, "rate-limit")?;
    let said = String::from_utf8_lossy(&laid.stdout);
    ensure!(
        laid.status.success() && said.contains("Next, in this order"),
        "{said}"
    );
    let number = (STEPS.len() + 1).to_string();
    cargo(root, &["fmt", "--all", "--check"])?;
    let quick = [
        "--test", "house", "--test", "hints", "--test", "minutes", "--test", "versions",
    ];
    cargo(
        root,
        &[&["test", "--package", "checks"][..], &quick, &OFFLINE].concat(),
    )?;
    let fits = ["--test", "course", "--", "every_check_fits"];
    cargo(
        root,
        &[&["test", "--package", "checks"][..], &OFFLINE, &fits].concat(),
    )?;
    // The untouched step fails its check, the solution and the right attempt pass, the wrong one is refused in the words laid.
    let proof = ["--test", "prove", "--", &number];
    let proved = cargo(
        root,
        &[&["test", "--package", "checks"][..], &OFFLINE, &proof].concat(),
    )?;
    for attempt in [
        "start",
        "solution",
        "wrong/answers-204",
        "right/names-the-status",
    ] {
        let line = format!("test {number:0>2}-rate-limit/{attempt} ");
        let passed = proved
            .lines()
            .any(|it| it.starts_with(&line) && it.ends_with("ok"));
        ensure!(passed, "{attempt}\n{proved}");
    }
    Ok(())
}

fn new(root: &Path, name: &str) -> anyhow::Result<Output> {
    Ok(verify(root, &["new", name]).output()?)
}

fn cargo(root: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let output = Command::new(cargo)
        .current_dir(root)
        .args(arguments)
        .env("INSTA_UPDATE", "no")
        .env("INSTA_WORKSPACE_ROOT", root)
        .output()?;
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    ensure!(output.status.success(), "cargo {arguments:?}\n{said}");
    Ok(said)
}
