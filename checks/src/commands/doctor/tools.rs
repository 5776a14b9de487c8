//! What the steps are built with: Rust, and a C compiler with its linker.

use std::{
    env,
    io::{self, ErrorKind},
    path::Path,
    process::{Command, Output},
    time::Duration,
};

use super::{ALL_STEPS, Finding, State, remedies};
use crate::harness::{run, scratch::folder_of};

/// The timeout for printing a version or compiling three lines.
const LIMIT: Duration = Duration::from_secs(30);

/// With a header, because a compiler may be there without the C library's files.
const PROGRAM: &str = "#include <stdio.h>\nint main(void) { return puts(\"ready\") < 0; }\n";

/// `rustc` on the PATH, and whether it is recent enough.
pub fn rust() -> Finding {
    let needed = env!("CARGO_PKG_RUST_VERSION");
    let finding = |found: String, state| Finding::new("Rust", &ALL_STEPS, found, state);
    let install = || State::Missing(format!("install it: {}", remedies::RUST.here()));
    let mut command = Command::new("rustc");
    command.arg("-V");
    let output = match run::run(command, LIMIT) {
        Ok(output) => output,
        Err(error) => return finding(said("rustc", &error), install()),
    };
    let said = String::from_utf8_lossy(&output.stdout);
    // rustc 1.95.0 (59807616e 2026-04-14)
    match said.split_whitespace().nth(1) {
        Some(version) if run::version(version) >= run::version(needed) => finding(
            format!("{version} ({needed} or newer is needed)"),
            State::Fine,
        ),
        Some(version) => finding(
            format!("{version} is older than {needed}"),
            State::Missing("rustup update stable".to_owned()),
        ),
        None => finding("rustc does not tell its version".to_owned(), install()),
    }
}

/// SQLite and libpq are compiled from C, and Rust links everything with the C compiler.
pub fn c() -> Vec<Finding> {
    const NAMES: [&str; 2] = ["C compiler", "Linker"];
    if cfg!(windows) {
        let why = "Visual Studio's is not on the PATH; the first build finds it";
        return NAMES
            .map(|name| Finding::not_checked(name, &ALL_STEPS, why))
            .into();
    }
    match folder_of(&[("ready.c", PROGRAM)]) {
        Ok((folder, _guard)) => {
            let compiler = compiler(&folder);
            let linker = linker(&folder, compiler.state == State::Fine);
            vec![compiler, linker]
        }
        Err(error) => NAMES
            .map(|name| Finding::not_checked(name, &ALL_STEPS, &error.to_string()))
            .into(),
    }
}

fn compiler(folder: &Path) -> Finding {
    let finding = |found: String, state| Finding::new("C compiler", &ALL_STEPS, found, state);
    // `ccache gcc` is a compiler, too.
    let chosen = env::var("CC").ok().filter(|name| !name.trim().is_empty());
    let name = chosen.as_deref().unwrap_or("cc");
    let compiles = |name: &str| on(name, &["-c", "ready.c", "-o", "ready.o"], folder);
    let Err(found) = compiles(name) else {
        return finding(format!("{name} compiles"), State::Fine);
    };
    let other = ["gcc", "clang"]
        .into_iter()
        .find(|name| compiles(name).is_ok());
    let remedy = match (other, &chosen) {
        (Some(other), _) => format!("{other} would do: export CC={other}"),
        (None, Some(_)) => "unset CC, or name another compiler there".to_owned(),
        (None, None) => remedies::C.here().to_owned(),
    };
    finding(found, State::Missing(remedy))
}

/// Whatever compiles C, Rust links with `cc`.
fn linker(folder: &Path, compiled: bool) -> Finding {
    if !compiled {
        return Finding::not_checked("Linker", &ALL_STEPS, "there is nothing to link yet");
    }
    match on("cc", &["ready.o", "-o", "ready"], folder) {
        Ok(()) => Finding::new("Linker", &ALL_STEPS, "cc links", State::Fine),
        Err(found) => Finding::new(
            "Linker",
            &ALL_STEPS,
            found,
            State::Missing(remedies::C.here().to_owned()),
        ),
    }
}

/// Runs a compiler. `Err`: what went wrong, in its own words if it has any.
fn on(compiler: &str, arguments: &[&str], folder: &Path) -> Result<(), String> {
    let mut words = compiler.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command
        .args(words)
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C");
    let Output { status, stderr, .. } =
        run::run(command, LIMIT).map_err(|error| said(compiler, &error))?;
    if status.success() {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&stderr);
    let why = stderr
        .lines()
        .find(|line| line.contains("error") || line.contains("cannot"));
    Err(format!(
        "{compiler} fails: {}",
        why.unwrap_or("it does not say why").trim()
    ))
}

fn said(tool: &str, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => format!("{tool} is not on the PATH"),
        ErrorKind::TimedOut => format!("{tool} does not end within {LIMIT:?}"),
        _ => format!("{tool} cannot be started ({error})"),
    }
}
