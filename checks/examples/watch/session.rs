//! What is recorded: a learner who reads the first message, asks for a hint, makes a mistake, and solves the step.

use std::{fs, process::Command, thread, time::Duration};

use crate::common::{
    scratch::Scratch,
    terminal::{Part, Terminal},
    workspace,
};

/// The self-check is built in the copy first.
const LIMIT: Duration = Duration::from_secs(300);

/// How long the learner reads.
const GLANCE: Duration = Duration::from_secs(3);
const READING: Duration = Duration::from_secs(6);

const TASK: &str = "steps/01-health/src/health.rs";
const KEYS: &str = "q quit";

/// Runs `cargo verify watch`, and returns what it showed from the first verdict on.
pub fn record() -> anyhow::Result<Vec<Part>> {
    let scratch = Scratch::whole("watch-film")?;
    let root = scratch.root();
    let _ = fs::remove_file(root.join("progress.txt"));
    let mistake = workspace().join("checks/attempts/01-health/wrong/forgets-head.rs");
    let watch = || {
        let mut command = Command::new("cargo");
        command.current_dir(root).args(["verify", "watch", "1"]);
        Terminal::start(command, (crate::screen::ROWS, 80))
    };
    // The first builds are not what is to be seen.
    watch()?.wait_for(KEYS, LIMIT)?;
    let mut terminal = watch()?;
    terminal.wait_for(KEYS, LIMIT)?;
    thread::sleep(GLANCE);
    terminal.press("h")?;
    terminal.wait_for(KEYS, LIMIT)?;
    thread::sleep(GLANCE);
    scratch.lay(&mistake, TASK)?;
    terminal.wait_for("Run 2 at", LIMIT)?;
    terminal.wait_for(KEYS, LIMIT)?;
    thread::sleep(READING);
    scratch.lay(&root.join("solutions/src/health.rs"), TASK)?;
    terminal.wait_for("Run 3 at", LIMIT)?;
    terminal.wait_for(KEYS, LIMIT)?;
    thread::sleep(READING);
    let parts = terminal.parts().clone();
    terminal.press("q")?;
    terminal.wait()?;
    Ok(parts)
}
