//! `cargo verify watch` in a real terminal.
#![cfg(target_os = "linux")]

mod common;

use std::{
    fs::{self, File},
    io::{Read, Write},
    os::fd::OwnedFd,
    process::{Child, Command},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use checks::harness::poll;
use common::scratch::Scratch;
use nix::{
    pty::openpty,
    sys::{
        signal::{Signal, kill},
        termios::{LocalFlags, tcgetattr},
    },
    unistd::Pid,
};

/// A build and a verdict, on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);
const PACE: Duration = Duration::from_millis(20);

const TASK: &str = "steps/01-health/src/health.rs";

/// The program in a terminal of its own.
struct Watched {
    scratch: Scratch,
    child: Child,
    keys: File,
    /// Kept open, to ask for the settings of the terminal.
    terminal: OwnedFd,
    /// All that was shown, and how much of it has been waited for.
    shown: Arc<Mutex<String>>,
    read: usize,
}

impl Watched {
    fn start(name: &str) -> anyhow::Result<Watched> {
        let scratch = Scratch::new(name)?;
        let _ = fs::remove_file(scratch.root().join("progress.txt"));
        let lesson = "steps/01-health/README.md";
        scratch.lay(&common::workspace().join(lesson), lesson)?;
        let pty = openpty(None, None)?;
        let end = || pty.slave.try_clone();
        let child = Command::new(env!("CARGO_BIN_EXE_checks"))
            .env("CARGO_MANIFEST_DIR", scratch.root().join("checks"))
            .current_dir(scratch.root())
            .arg("watch")
            .stdin(end()?)
            .stdout(end()?)
            .stderr(end()?)
            .spawn()?;
        let shown = Arc::<Mutex<String>>::default();
        let (mut screen, seen) = (File::from(pty.master.try_clone()?), Arc::clone(&shown));
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = screen.read(&mut bytes) {
                let text = String::from_utf8_lossy(&bytes[..count]).into_owned();
                seen.lock().expect("no panic").push_str(&text);
            }
        });
        Ok(Watched {
            scratch,
            child,
            keys: File::from(pty.master),
            terminal: pty.slave,
            shown,
            read: 0,
        })
    }

    /// Waits until this is shown, after all that was waited for before. Returns what was shown until then.
    fn wait_for(&mut self, text: &str) -> String {
        let find = || {
            let shown = self.shown.lock().expect("no panic");
            shown[self.read..].find(text)
        };
        let found = poll::until(LIMIT, PACE, find);
        let shown = self.shown.lock().expect("no panic");
        let rest = &shown[self.read..];
        let end = found.unwrap_or_else(|| panic!("no {text:?} in {rest:?}")) + text.len();
        let until = rest[..end].to_owned();
        self.read += end;
        until
    }

    fn save(&self, code: &str) -> anyhow::Result<()> {
        self.scratch.write(TASK, code)
    }

    fn press(&mut self, key: &str) -> anyhow::Result<()> {
        Ok(self.keys.write_all(key.as_bytes())?)
    }

    fn waits_for_enter(&self) -> anyhow::Result<bool> {
        let flags = tcgetattr(&self.terminal)?.local_flags;
        Ok(flags.contains(LocalFlags::ICANON | LocalFlags::ECHO))
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
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
        watched.wait_for("q quit");
    }
    watched.press("n")?;
    watched.wait_for("Step 2");
    watched.press("q")?;
    assert_eq!(watched.child.wait()?.code(), Some(0));
    assert!(watched.waits_for_enter()?);
    Ok(())
}

#[test]
fn the_terminal_is_restored_on_ctrl_c_and_when_it_is_asked_to_end() -> anyhow::Result<()> {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let mut watched = Watched::start(&format!("watch-{signal}"))?;
        watched.wait_for("Run 1 at ");
        kill(Pid::from_raw(i32::try_from(watched.child.id())?), signal)?;
        assert_eq!(watched.child.wait()?.code(), Some(130));
        assert!(watched.waits_for_enter()?);
    }
    Ok(())
}
