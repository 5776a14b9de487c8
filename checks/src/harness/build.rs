//! Builds a learner's package with cargo.

use std::{
    env,
    io::{self, IsTerminal, Read},
    path::{Path, PathBuf},
    process::Command,
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use anyhow::{Context, bail};

use crate::harness::{process, terminal};

/// Settings that make cargo show a progress bar in spite of --quiet, as the alias in `.cargo/config.toml` does.
const BAR: &str = "--config=term.progress.when='always'";

/// The width of that bar at most.
const BAR_WIDTH: usize = 80;

/// Without a progress bar: how long a build may run before a line announces it.
const SILENCE: Duration = Duration::from_secs(1);

/// Builds `package` and returns the path of its program. `None`: it does not compile, and cargo has printed why.
///
/// Of cargo's other output only the progress is shown: on a terminal as a bar, which is erased at the end; elsewhere as one line
/// that says that a build is under way.
///
/// # Errors
/// When cargo cannot be run at all.
pub fn build(root: &Path, package: &str) -> anyhow::Result<Option<PathBuf>> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    command
        .current_dir(root)
        .args(["build", "--quiet", "--package", package])
        .args(["--message-format", "json-render-diagnostics"]);
    let (building, built) = mpsc::channel::<()>();
    if io::stderr().is_terminal() {
        let columns = terminal::columns(io::stderr()).unwrap_or(BAR_WIDTH);
        let width = columns.min(BAR_WIDTH);
        command.args([BAR, &format!("--config=term.progress.width={width}")]);
    } else {
        let notice = format!("Building {package} (the first time takes about a minute) …");
        thread::spawn(move || {
            if built.recv_timeout(SILENCE) == Err(RecvTimeoutError::Timeout) {
                eprintln!("{notice}");
            }
        });
    }
    let (child, _guard) = process::spawn_aloud(command).context("cannot run cargo")?;
    let mut said = String::new();
    let stdout = process::lock(&child).stdout().take();
    if let Some(mut stdout) = stdout {
        stdout.read_to_string(&mut said)?;
    }
    let status = process::lock(&child).wait()?;
    drop(building);
    if !status.success() {
        return Ok(None);
    }
    for line in said.lines() {
        let message: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
        let ours = message["target"]["name"] == package;
        if let (true, Some(path)) = (ours, message["executable"].as_str()) {
            return Ok(Some(path.into()));
        }
    }
    bail!("cargo built {package} but named no program");
}
