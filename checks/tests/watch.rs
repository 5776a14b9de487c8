//! `cargo verify watch` in a real terminal.
#![cfg(target_os = "linux")]

mod common;

use std::{fs, process::Command, time::Duration};

use common::{scratch::Scratch, terminal::Terminal};
use nix::{
    sys::{
        signal::{Signal, kill},
        termios::{LocalFlags, tcgetattr},
    },
    unistd::Pid,
};

/// A build and a verdict, on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);
/// Rows and columns.
const SIZE: (u16, u16) = (40, 80);

const TASK: &str = "steps/01-health/src/health.rs";

/// Watching in a terminal of its own.
struct Watched {
    scratch: Scratch,
    terminal: Terminal,
}

impl Watched {
    fn start(name: &str) -> anyhow::Result<Watched> {
        let scratch = Scratch::new(name)?;
        let _ = fs::remove_file(scratch.root().join("progress.txt"));
        let lesson = "steps/01-health/README.md";
        scratch.lay(&common::workspace().join(lesson), lesson)?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_checks"));
        command
            .env("CARGO_MANIFEST_DIR", scratch.root().join("checks"))
            .current_dir(scratch.root())
            .arg("watch");
        Ok(Watched {
            terminal: Terminal::start(command, SIZE)?,
            scratch,
        })
    }

    /// Waits until this is shown, after all that was waited for before. Returns what was shown until then.
    fn wait_for(&mut self, text: &str) -> String {
        let shown = self.terminal.wait_for(text, LIMIT);
        shown.unwrap_or_else(|error| panic!("{error}")).0
    }

    fn save(&self, code: &str) -> anyhow::Result<()> {
        self.scratch.write(TASK, code)
    }

    fn press(&mut self, key: &str) -> anyhow::Result<()> {
        self.terminal.press(key)
    }

    fn waits_for_enter(&self) -> anyhow::Result<bool> {
        let flags = tcgetattr(&self.terminal.end)?.local_flags;
        Ok(flags.contains(LocalFlags::ICANON | LocalFlags::ECHO))
    }
}

#[test]
fn each_save_is_checked_and_each_key_does_what_it_says() -> anyhow::Result<()> {
    let mut watched = Watched::start("watch")?;
    let stub = fs::read_to_string(watched.scratch.root().join(TASK))?;
    let solution = fs::read_to_string(watched.scratch.root().join("solutions/src/health.rs"))?;
    watched.wait_for("Run 1 at ");
    watched.wait_for("Step 1 waits for you");
    watched.wait_for("q quit");
    assert!(!watched.waits_for_enter()?);

    for (run, (code, verdict)) in [
        (&solution, "Step 1 is done."),
        (&stub, "Step 1 waits for you"),
        (&"not Rust".to_owned(), "does not compile"),
        (&solution, "Step 1 is done."),
    ]
    .into_iter()
    .enumerate()
    {
        watched.save(code)?;
        // The old verdict is off the screen before the new one begins.
        assert!(
            watched
                .wait_for(&format!("Run {} at ", run + 2))
                .contains("\x1b[2J")
        );
        watched.wait_for(verdict);
        watched.wait_for("q quit");
    }
    // Saved again in the middle of a run: only the last one gets its verdict.
    watched.press("r")?;
    watched.wait_for("Run 6 at ");
    watched.save(&stub)?;
    let between = watched.wait_for("Run 7 at ");
    assert!(!between.contains("Step 1 is done."), "{between:?}");
    watched.wait_for("Step 1 waits for you");
    watched.wait_for("q quit");

    for (key, shown) in [
        ("h", "Hint 1 of "),
        ("l", "▸ 1"),
        ("d", "Nothing was changed"),
    ] {
        watched.press(key)?;
        watched.wait_for(shown);
        // A hint is no verdict.
        assert!(!watched.wait_for("q quit").contains("Press n"));
    }
    watched.press("n")?;
    watched.wait_for("Step 2");
    watched.press("q")?;
    assert_eq!(watched.terminal.wait()?.code(), Some(0));
    assert!(watched.waits_for_enter()?);
    Ok(())
}

#[test]
fn the_terminal_is_restored_on_ctrl_c_and_when_it_is_asked_to_end() -> anyhow::Result<()> {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let mut watched = Watched::start(&format!("watch-{signal}"))?;
        watched.wait_for("Run 1 at ");
        kill(Pid::from_raw(i32::try_from(watched.terminal.id())?), signal)?;
        assert_eq!(watched.terminal.wait()?.code(), Some(130));
        assert!(watched.waits_for_enter()?);
    }
    Ok(())
}
