//! The structure of `checks/src`: dependencies point downwards only, and no module is too long to read comfortably. The files of
//! the service, which learners read and write, are shorter still.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use checks::course::STEPS;

/// The most lines that a module may have.
const LONGEST: usize = 200;

/// The most lines that the `main.rs` of a step may have (a step after the seventh adds its `mod`, a blank line and its `.configure`), and any other file that a lesson teaches. What is longer comes ready-made.
const LONGEST_WIRING: usize = 36 + 3 * STEPS.len().saturating_sub(7);
const LONGEST_FEATURE: usize = 110;

/// The rooms, from the top floor down. Rooms on the same floor do not depend on each other either.
const FLOORS: [&str; 9] = [
    "commands", "ui", "verify", "course", "steps", "subject", "tools", "harness", "check",
];

#[test]
fn no_module_is_too_long() {
    for (path, text) in modules() {
        let lines = text.lines().count();
        assert!(lines <= LONGEST, "{} has {lines} lines", path.display());
    }
}

/// The steps as they are shipped, and the finished service: nothing that a learner has written.
#[test]
fn no_file_of_the_service_is_too_long() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for step in STEPS {
        let start = root
            .join("checks/attempts")
            .join(step.folder.trim_start_matches("steps/"));
        let solution = root.join("solutions");
        let task = step.task.trim_start_matches("src/");
        at_most(LONGEST_WIRING, &start.join("start/main.rs"))?;
        if task.ends_with(".rs") {
            at_most(LONGEST_FEATURE, &start.join("start").join(task))?;
            at_most(LONGEST_FEATURE, &solution.join(step.task))?;
        }
        at_most(LONGEST_WIRING, &solution.join("src/main.rs"))?;
    }
    Ok(())
}

fn at_most(most: usize, file: &Path) -> io::Result<()> {
    let lines = fs::read_to_string(file)?.lines().count();
    assert!(lines <= most, "{} has {lines} lines", file.display());
    Ok(())
}

#[test]
fn a_room_knows_only_those_below_it() {
    for (path, text) in modules() {
        let room = path
            .iter()
            .next()
            .and_then(|room| Path::new(room).file_stem());
        let room = room.unwrap_or_default().to_string_lossy().into_owned();
        // The program and the library are above all of them.
        let Some(floor) = FLOORS.iter().position(|floor| *floor == room) else {
            continue;
        };
        for known in rooms_used(&text) {
            let below = FLOORS[floor..].contains(&known.as_str());
            assert!(below, "{} uses crate::{known}", path.display());
        }
    }
}

/// Every module, with its path below `src`.
fn modules() -> Vec<(PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&src, &mut files).expect("the sources can be read");
    files
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "rs"))
        .map(|path| {
            let text = fs::read_to_string(&path).expect("the sources can be read");
            let below = path.strip_prefix(&src).expect("it was found there");
            (below.to_owned(), text)
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// The first words after `crate::`, in braces or without.
fn rooms_used(text: &str) -> BTreeSet<String> {
    let room = |path: &str| {
        let path = path.trim();
        let end = path.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
        path[..end.unwrap_or(path.len())].to_owned()
    };
    let used = text.split("crate::").skip(1);
    let rooms = used.flat_map(|used| match used.strip_prefix('{') {
        Some(group) => outermost(group).split(',').map(room).collect(),
        None => vec![room(used)],
    });
    rooms.filter(|room| !room.is_empty()).collect()
}

/// The content of a pair of braces, without that of nested braces.
fn outermost(group: &str) -> String {
    let mut depth = 1;
    let mut outermost = String::new();
    for letter in group.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ if depth == 1 => outermost.push(letter),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    outermost
}
