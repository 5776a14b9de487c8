//! `cargo verify new rate-limit`: a step after the last one, with a check, its attempts and its hints, to be written further. As it
//! is laid, the proof holds.

mod frame;
mod names;
mod wiring;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, ensure};

use crate::{harness::keep, ui::say};
use names::Names;

/// A file to write: its path relative to the root, and its text.
type File = (PathBuf, String);

/// Lays the new step. Nothing is written if one of its files is there already and says something else, or a file that it is wired
/// in is not as expected. A run that was interrupted is completed by the next one.
///
/// # Errors
/// In these cases, in one line; and when a file cannot be written.
pub fn new(root: &Path, name: &str) -> anyhow::Result<()> {
    let names = Names::next(name)?;
    let finished = read(root, "solutions/src/main.rs")?;
    let start = wiring::start(&finished, &names).context("solutions/src/main.rs")?;
    let laid = frame::files(&names, &start);
    for (path, text) in &laid {
        // What an interrupted run has laid is the same.
        let there = fs::read(root.join(path)).ok();
        ensure!(
            there.is_none_or(|there| there == text.as_bytes()),
            "{} is there already, and is not overwritten",
            path.display()
        );
    }
    let changed = changes(root, &names)?;
    lay(root, &names, &laid)?;
    for (path, text) in &changed {
        write(&root.join(path), text)?;
    }
    locked(root);
    say(&told(&names, &laid, &changed));
    Ok(())
}

/// Writes the new files. Cargo reads each folder below `steps` and stops at one without a program, so that this one is written
/// elsewhere, and moved there when it is complete.
fn lay(root: &Path, names: &Names, laid: &[File]) -> anyhow::Result<()> {
    let own = PathBuf::from(names.fill("{folder}"));
    let in_place = root.join(&own);
    let is_there = in_place.exists();
    let made = if is_there {
        in_place.clone()
    } else {
        root.join(names.folder() + ".new")
    };
    for (path, text) in laid {
        match path.strip_prefix(&own) {
            Ok(below) => write(&made.join(below), text)?,
            Err(_) => write(&root.join(path), text)?,
        }
    }
    if !is_there {
        fs::rename(&made, &in_place)
            .with_context(|| format!("cannot write {}", in_place.display()))?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    keep::write(path, text.as_bytes(), &mut || {})
        .with_context(|| format!("cannot write {}", path.display()))
}

/// The files that know every step, with this one in them.
fn changes(root: &Path, names: &Names) -> anyhow::Result<Vec<File>> {
    let (number, last) = (names.number, names.number - 1);
    let module = names.module();
    let mut files = Vec::new();
    let mut change = |path: &str, change: &dyn Fn(&str) -> anyhow::Result<String>| {
        let text = change(&read(root, path)?).with_context(|| path.to_owned())?;
        files.push((PathBuf::from(path), text));
        anyhow::Ok(())
    };
    change("solutions/src/main.rs", &|text| {
        wiring::finished(text, names)
    })?;
    change("solutions/src/lib.rs", &|text| {
        let line = format!("\npub mod {module}; // step {number}\n");
        let text = text.strip_suffix(&line).unwrap_or(text);
        Ok(text.to_owned() + &line)
    })?;
    change("checks/src/steps.rs", &|text| {
        wiring::declared(text, &module)
    })?;
    change("docs/minutes.md", &|text| {
        wiring::below_row(text, &format!("| {last} |"), &names.fill(frame::MINUTES))
    })?;
    for (readme, row) in [
        ("README.md", frame::TABLE),
        ("README.ko.md", frame::TABLE_KO),
    ] {
        change(readme, &|text| {
            let text = wiring::below_row(text, &format!("| [{last}. "), &names.fill(row))?;
            Ok(text.replace(
                &format!("$ cargo run -p step{last:02} "),
                &format!("$ cargo run -p {} ", names.package()),
            ))
        })?;
    }
    // Whatever runs the last step where none is named.
    for file in [
        "compose.yaml",
        "solutions/Dockerfile",
        "checks/attempts/03-container/start/Dockerfile",
        "Dockerfile",
    ] {
        change(file, &|text| {
            let package = names.package();
            let named = |before: &str, text: String| {
                text.replace(
                    &format!("{before}step{last:02}"),
                    &format!("{before}{package}"),
                )
            };
            Ok(named("PACKAGE:-", named("ARG PACKAGE=", text.to_owned())))
        })?;
    }
    // Last: with its row the name is taken, and this command has nothing more to say.
    change("checks/src/course.rs", &|text| {
        let text = wiring::imported(text, "use crate::steps::", |names| names.push(&module))?;
        wiring::before(
            &text,
            "];\n\n/// The status of a stub",
            &names.fill(frame::ROW),
        )
    })?;
    Ok(files)
}

fn read(root: &Path, path: &str) -> anyhow::Result<String> {
    fs::read_to_string(root.join(path)).with_context(|| format!("cannot read {path}"))
}

/// Adds the package to `Cargo.lock`, without a network. What fails here, the next build does.
fn locked(root: &Path) {
    let _ = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()))
        .current_dir(root)
        .args(["update", "--workspace", "--offline", "--quiet"])
        .stderr(Stdio::null())
        .status();
}

fn told(names: &Names, laid: &[File], changed: &[File]) -> String {
    let list = |files: &[File]| {
        let lines = files
            .iter()
            .map(|(path, _)| format!("  {}\n", path.display()));
        lines.collect::<String>()
    };
    let next = names.fill(
        "Next, in this order (CONTRIBUTING.md says how each is written):
  1. {folder}/README.md: the goal and why; docs/minutes.md counts its words
  2. solutions/src/{module}.rs, and the stub, twice: {folder}/src and checks/attempts
  3. a wrong attempt for each mistake that a learner makes, and then its check
  4. by hand: the words \"seven steps\", and CHANGELOG.md
Prove it each time: cargo prove {number}
",
    );
    format!(
        "Step {} is laid, and the proof holds as it is.\n\nNew:\n{}\nChanged:\n{}\n{next}",
        names.number,
        list(laid),
        list(changed)
    )
}
