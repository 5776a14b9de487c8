//! The programs of PostgreSQL, and the user that they run as.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, bail, ensure};
use checks::harness;

/// PostgreSQL refuses to run as root. The user "nobody" has this number everywhere.
const NOBODY: &str = "65534";

/// The most that a program may take, and a statement.
const LIMIT: Duration = Duration::from_secs(60);

/// The folder with the server's programs, or why there is none.
pub fn find() -> anyhow::Result<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    // Debian keeps them off the PATH, in a folder for each version.
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut folders: Vec<PathBuf> = versions
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    folders.sort();
    folders.reverse();
    folders.extend(env::split_paths(&path));
    let complete = |folder: &PathBuf| {
        let mut wanted = ["initdb", "postgres", "psql"].iter();
        wanted.all(|program| folder.join(program).is_file())
    };
    let Some(folder) = folders.into_iter().find(complete) else {
        bail!(
            "there is no PostgreSQL server here; on Debian, apt-get install postgresql brings one"
        );
    };
    Ok(folder)
}

/// Runs it as a user that it accepts.
pub fn as_user(program: &Path) -> anyhow::Result<Command> {
    if !is_root()? {
        return Ok(Command::new(program));
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"])
        .arg(program);
    Ok(command)
}

/// Gives the folder to that user.
pub fn give_to_user(folder: &Path) -> anyhow::Result<()> {
    if is_root()? {
        let mut chown = Command::new("chown");
        chown.arg(NOBODY).arg(folder);
        run(chown)?;
    }
    Ok(())
}

fn is_root() -> anyhow::Result<bool> {
    let mut id = Command::new("id");
    id.arg("-u");
    Ok(run(id)?.trim() == "0")
}

/// What the command prints.
pub fn run(command: Command) -> anyhow::Result<String> {
    let what = format!("{command:?}");
    let ran = harness::run::run(command, LIMIT).with_context(|| what.clone())?;
    let said = String::from_utf8_lossy(&ran.stderr);
    ensure!(ran.status.success(), "{what}: {said}");
    Ok(String::from_utf8_lossy(&ran.stdout).trim().to_owned())
}
