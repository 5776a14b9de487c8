//! Each command that lays files is killed at each of its writes: nothing of what was there is lost, and the same command once more
//! completes it.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, ensure};
use checks::{commands::progress::Progress, course::STEPS};

use crate::common::{killed, scratch::Scratch, verify::verify};

/// What writes into the learner's steps.
const COMMANDS: [&[&str]; 5] = [
    &["reset", "6"],
    &["solution", "3", "--yes"],
    &["solution", "6", "--yes"],
    &["catch-up", "4"],
    &["carry", "2", "6"],
];

/// Files by their paths relative to the root.
type Files = BTreeMap<PathBuf, Vec<u8>>;

pub fn a_kill_at_any_write_loses_nothing() -> anyhow::Result<()> {
    let scratch = Scratch::of_a_learner("killed")?;
    let root = scratch.root();
    let mine = mine(root)?;
    for arguments in COMMANDS {
        lay(root, &mine)?;
        end(verify(root, arguments))?;
        let complete = texts(root, mine.keys())?;
        ensure!(complete != mine, "{arguments:?} changes nothing");
        let mut kills = 0;
        loop {
            lay(root, &mine)?;
            if !killed::at_change(&verify(root, arguments), kills)? {
                break;
            }
            let at = format!("{arguments:?}, killed at write {kills}");
            nothing_is_lost(root, &mine, &complete).context(at.clone())?;
            end(verify(root, arguments)).context(at.clone())?;
            nothing_is_lost(root, &mine, &complete).context(at.clone())?;
            ensure!(texts(root, mine.keys())? == complete, "{at}: not completed");
            kills += 1;
        }
        let changed = mine.iter().filter(|(path, text)| complete[*path] != **text);
        // Each file is kept, and then replaced: made, written, synced and renamed each time.
        let least = 8 * changed.count();
        ensure!(kills >= least, "{arguments:?}: {kills} writes of {least}");
        println!("cargo verify {}: {kills} kills", arguments.join(" "));
    }
    Ok(())
}

/// The steps as they are shipped, with a line of the learner's in each file.
fn mine(root: &Path) -> anyhow::Result<Files> {
    let mut files = Files::new();
    for step in STEPS {
        let written = step.written().into_iter().map(|(own, _)| own);
        let shipped = step.shipped(&crate::common::workspace())?.into_iter();
        for path in shipped.map(|(own, _)| own).chain(written) {
            let rust = path.extension().is_some_and(|ending| ending == "rs");
            let comment = if rust { "// mine\n" } else { "# mine\n" };
            let text = fs::read_to_string(root.join(&path))?;
            let text = text.trim_end_matches(comment).to_owned() + comment;
            files.insert(path, text.into_bytes());
        }
    }
    Ok(files)
}

/// Lays these files again, without what a command has laid beside them.
fn lay(root: &Path, files: &Files) -> anyhow::Result<()> {
    for (path, text) in files {
        for beside in beside(&root.join(path))? {
            fs::remove_file(beside)?;
        }
        fs::write(root.join(path), text)?;
    }
    match fs::remove_file(root.join("progress.txt")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Each text of `mine` is there, in its file or in one beside it; each file is whole; and progress can be read.
fn nothing_is_lost(root: &Path, mine: &Files, complete: &Files) -> anyhow::Result<()> {
    for (path, text) in mine {
        let now = fs::read(root.join(path))?;
        let whole = now == *text || now == complete[path];
        ensure!(whole, "{} is neither old nor new", path.display());
        let mut kept = beside(&root.join(path))?.into_iter();
        let is_kept = kept.any(|kept| fs::read(kept).is_ok_and(|kept| kept == *text));
        ensure!(now == *text || is_kept, "{} is lost", path.display());
    }
    let (_, odd) = Progress::read(root)?;
    ensure!(odd.is_none(), "{odd:?}");
    Ok(())
}

fn texts<'a>(root: &Path, paths: impl Iterator<Item = &'a PathBuf>) -> io::Result<Files> {
    paths
        .map(|path| Ok((path.clone(), fs::read(root.join(path))?)))
        .collect()
}

/// The files in the same folder whose names begin with that of this one, and a dot.
fn beside(path: &Path) -> io::Result<Vec<PathBuf>> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let begins = format!("{name}.");
    let mut files = Vec::new();
    for file in fs::read_dir(path.parent().unwrap_or(path))? {
        let file = file?;
        if file.file_name().to_string_lossy().starts_with(&begins) {
            files.push(file.path());
        }
    }
    Ok(files)
}

pub fn a_new_step_that_was_killed_is_completed() -> anyhow::Result<()> {
    let scratch = Scratch::whole("new-step-killed")?;
    let root = scratch.root();
    remove_new_step(root)?;
    let before = tree(root)?;
    // Without cargo, which only adds the package to Cargo.lock.
    let mut new = verify(root, &["new", "rate-limit"]);
    new.env("CARGO", "true");
    let again = || {
        let mut again = verify(root, &["new", "rate-limit"]);
        again.env("CARGO", "true");
        again
    };
    end(again())?;
    let complete = tree(root)?;
    let mut kills = 0;
    loop {
        restore(root, &before)?;
        if !killed::at_change(&new, kills)? {
            break;
        }
        let at = format!("killed at write {kills}");
        let now = tree(root)?;
        for (path, text) in &before {
            let whole = now.get(path) == Some(text) || now.get(path) == complete.get(path);
            ensure!(whole, "{at}: {} is neither old nor new", path.display());
        }
        cargo_reads(root).context(at.clone())?;
        end(again()).context(at.clone())?;
        ensure!(tree(root)? == complete, "{at}: not completed");
        kills += 1;
    }
    let changed = complete.iter();
    let changed = changed.filter(|(path, text)| before.get(*path) != Some(*text));
    let least = 4 * changed.count();
    ensure!(kills >= least, "{kills} writes of {least}");
    println!("cargo verify new: {kills} kills");
    restore(root, &before)
}

/// All files that `new` may change, with the folders that it lays files in.
fn tree(root: &Path) -> anyhow::Result<Files> {
    let mut files = Files::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                folders.extend((entry.file_name() != "target").then_some(path));
            } else {
                files.insert(path.strip_prefix(root)?.to_owned(), fs::read(path)?);
            }
        }
    }
    Ok(files)
}

fn restore(root: &Path, before: &Files) -> anyhow::Result<()> {
    remove_new_step(root)?;
    for (path, text) in tree(root)? {
        match before.get(&path) {
            None => fs::remove_file(root.join(path))?,
            Some(old) if *old != text => fs::write(root.join(path), old)?,
            Some(_) => {}
        }
    }
    Ok(())
}

fn remove_new_step(root: &Path) -> io::Result<()> {
    let folder = format!("{:02}-rate-limit", STEPS.len() + 1);
    for folder in [format!("steps/{folder}"), format!("{folder}.new")] {
        match fs::remove_dir_all(root.join(folder)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// The workspace has no package without a program, which would stop cargo everywhere.
fn cargo_reads(root: &Path) -> anyhow::Result<()> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo
        .current_dir(root)
        .args(["metadata", "--no-deps", "--format-version", "1"]);
    end(cargo)
}

fn end(mut command: Command) -> anyhow::Result<()> {
    let output = command.stdin(Stdio::null()).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{said}");
    Ok(())
}
