//! Writes the name of your repository into the links of the runbooks:
//!
//! ```console
//! $ cargo run -p checks --example own -- somebody/workshop
//! ```
//!
//! It uses nothing but the standard library, because the template's hook compiles it with rustc alone (`cargo-generate.toml`).

use std::{env, fs, io, path::Path, process::ExitCode};

const NOBODY: &str = "OWNER/REPOSITORY";

/// Where links may be. What the tests pin names nobody: see `pinning.rs`.
const PLACES: [&str; 5] = [
    "README.ko.md",
    "README.md",
    "checks/attempts",
    "solutions",
    "steps",
];

fn main() -> ExitCode {
    let name = env::args().nth(1).unwrap_or_default();
    if !is_repository(&name) {
        eprintln!("error: {name:?} is no repository: give it as OWNER/REPOSITORY");
        return ExitCode::from(2);
    }
    let mut changed = 0;
    for place in PLACES {
        if let Err(error) = fill(Path::new(place), &name, &mut changed) {
            eprintln!("error: {place}: {error}");
            return ExitCode::from(2);
        }
    }
    println!("{changed} files name {name} now");
    ExitCode::SUCCESS
}

/// Two names of letters, digits, `-`, `_` and `.`.
fn is_repository(name: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || "-_.".contains(it))
    };
    name.split_once('/')
        .is_some_and(|(owner, repository)| is_name(owner) && is_name(repository))
}

fn fill(path: &Path, name: &str, changed: &mut usize) -> io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            fill(&entry?.path(), name, changed)?;
        }
        return Ok(());
    }
    // What is no text has no links.
    let text = fs::read_to_string(path).unwrap_or_default();
    if text.contains(NOBODY) {
        fs::write(path, text.replace(NOBODY, name))?;
        *changed += 1;
    }
    Ok(())
}
