//! One watcher: what is saved, and what is waited for.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::Context;
use checks::course::find;

use crate::common::{scratch::Scratch, terminal::Terminal};

/// The self-check and the steps are built first.
const LIMIT: Duration = Duration::from_secs(120);

const SIZE: (u16, u16) = (40, 80);

pub struct Watched {
    pub name: String,
    /// In seconds, each from a save on.
    pub times: Vec<f64>,
    terminal: Terminal,
    file: PathBuf,
    solved: String,
    /// What begins a comment in the file.
    comment: &'static str,
    /// What is shown once the save was noticed, with the number of the run; then the verdict; then that the run has ended.
    noticed: &'static str,
    verdict: &'static str,
    ended: &'static str,
}

impl Watched {
    /// `cargo verify watch`, at a step that is solved.
    pub fn step(scratch: &Scratch, name: &str) -> anyhow::Result<Watched> {
        let root = scratch.root();
        let step = find(name).context("there is no such step")?;
        let solved = fs::read_to_string(root.join("solutions").join(step.task))?;
        let file = root.join(step.folder).join(step.task);
        fs::write(&file, &solved)?;
        let mut command = Command::new("cargo");
        command.current_dir(root).args(["verify", "watch", name]);
        let mut watched = Watched {
            name: format!("step {name}, {}", step.task.trim_start_matches("src/")),
            times: Vec::new(),
            terminal: Terminal::start(command, SIZE)?,
            comment: if step.task.ends_with(".rs") {
                "//"
            } else {
                "#"
            },
            file,
            solved,
            noticed: "Run ",
            verdict: "✔",
            ended: "q quit",
        };
        watched.terminal.wait_for(watched.ended, LIMIT)?;
        Ok(watched)
    }

    /// rustlings, at its first exercise that does not compile as it is given.
    pub fn rustlings(folder: &Path) -> anyhow::Result<Watched> {
        let file = folder.join("exercises/00_intro/intro2.rs");
        let solved = fs::read_to_string(&file)?.replace("printline!", "println!");
        let mut command = Command::new("rustlings");
        command.current_dir(folder);
        let mut terminal = Terminal::start(command, SIZE)?;
        terminal.wait_for("quit", LIMIT)?;
        Ok(Watched {
            name: "rustlings, intro2.rs".to_owned(),
            times: Vec::new(),
            terminal,
            file,
            solved,
            comment: "//",
            noticed: "",
            verdict: "Exercise done",
            ended: "quit",
        })
    }

    /// Saves the solution with one more comment, and waits for the verdict on it.
    pub fn save(&mut self, round: usize) -> anyhow::Result<()> {
        let text = format!("{}{} {round}\n", self.solved, self.comment);
        let saved = Instant::now();
        fs::write(&self.file, text)?;
        self.terminal.wait_for(self.noticed, LIMIT)?;
        let (_, at) = self.terminal.wait_for(self.verdict, LIMIT)?;
        self.times.push((at - saved).as_secs_f64());
        self.terminal.wait_for(self.ended, LIMIT)?;
        Ok(())
    }
}
