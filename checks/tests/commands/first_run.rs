//! The progress that a learner sees during a build, and that it is erased after the build. Tried in a workspace of packages
//! without
//! dependencies whose build scripts sleep: cargo treats them like any others.

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

/// A workspace with this package in `folder`, which takes this many seconds to build.
fn workspace(package: &str, folder: &str, seconds: u32) -> TempDir {
    let root = TempDir::new().expect("a folder");
    let write = |path: &str, text: String| {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder above it")).expect("it is made");
        fs::write(path, text).expect("it is written");
    };
    write(
        "Cargo.toml",
        format!("[workspace]\nresolver = \"3\"\nmembers = [\"{folder}\"]\n"),
    );
    write(
        &format!("{folder}/Cargo.toml"),
        format!("[package]\nname = \"{package}\"\nedition = \"2024\"\n"),
    );
    write(
        &format!("{folder}/build.rs"),
        format!(
            "fn main() {{\n    println!(\"cargo::rerun-if-changed=build.rs\");\n    \
             std::thread::sleep(std::time::Duration::from_secs({seconds}));\n}}\n"
        ),
    );
    write(
        &format!("{folder}/src/main.rs"),
        "fn main() {}\n".to_owned(),
    );
    root
}

/// Makes `command` run in that workspace.
fn within(root: &Path, mut command: Command) -> Command {
    command
        .current_dir(root)
        .env("CARGO_TARGET_DIR", root.join("target"))
        .stdin(Stdio::null());
    command
}

/// `cargo verify 1` in that workspace, in which only the step remains to be built.
fn verify(root: &Path) -> Command {
    let mut verify = Command::new(env!("CARGO_BIN_EXE_checks"));
    // The variable that cargo would set if it ran this in that workspace.
    verify
        .arg("1")
        .env("CARGO_MANIFEST_DIR", root.join("checks"));
    within(root, verify)
}

/// The command's output on stderr.
fn said(mut command: Command) -> String {
    let Output { stderr, .. } = command.output().expect("it runs");
    String::from_utf8(stderr).expect("UTF-8")
}

/// How often it is asked for something that depends on how busy the machine is.
const TRIES: usize = 10;

#[test]
fn the_alias_shows_how_far_the_self_check_is_built_and_then_nothing() {
    let root = workspace("checks", "checks", 2);
    let root = root.path();
    fs::create_dir(root.join(".cargo")).expect("it is made");
    fs::copy(
        concat!(env!("CARGO_MANIFEST_DIR"), "/../.cargo/config.toml"),
        root.join(".cargo/config.toml"),
    )
    .expect("it is copied");
    let verify = || {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["verify", "--list"]);
        said(within(root, cargo))
    };

    let cold = verify();
    assert!(cold.contains("checks(build"), "{cold:?}");
    assert!(!cold.contains('\n'), "more than a bar: {cold:?}");
    assert_eq!(verify(), "", "when it is built already");
}

#[test]
fn a_step_that_takes_a_while_is_announced_and_one_that_is_built_is_not() {
    let root = workspace("step01", "steps/01-health", 2);
    let root = root.path();
    assert_eq!(
        said(verify(root)),
        "Building step01 (the first time takes about a minute) …\n"
    );
    // On a busy machine cargo may take a while to see that nothing is to be done.
    let mut tries = (0..TRIES).map(|_| said(verify(root)));
    assert!(
        tries.any(|said| said.is_empty()),
        "when it is built already"
    );
}

/// Ctrl-C while the step is built: cargo ends too, with everything that it has started.
#[cfg(target_os = "linux")]
#[test]
fn an_interruption_ends_the_build_too() -> std::io::Result<()> {
    use checks::harness::{poll, process};
    use std::time::Duration;
    const SIGINT: i32 = 2;
    const LIMIT: Duration = Duration::from_secs(30);
    const PACE: Duration = Duration::from_millis(20);

    let root = workspace("step01", "steps/01-health", 600);
    let step = root.path().join("steps/01-health");
    // A build script runs in its package's folder.
    let until_it_runs = |wanted: bool| {
        let runs = || {
            fs::read_dir("/proc")
                .into_iter()
                .flatten()
                .flatten()
                .filter_map(|process| fs::read_link(process.path().join("cwd")).ok())
                .any(|cwd| cwd == step)
        };
        let reached = poll::is_done(LIMIT, PACE, || runs() == wanted);
        assert!(reached, "the build script runs: {}", !wanted);
    };
    let checker = process::start(verify(root.path()))?;
    until_it_runs(true);
    process::lock(&checker).signal(SIGINT)?;
    assert_eq!(process::lock(&checker).wait()?.code(), Some(130));
    until_it_runs(false);
    Ok(())
}
