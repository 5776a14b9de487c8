//! `cargo verify watch` in a real terminal.
use std::{fs, process::Command, time::Duration};

use crate::common::{self, scratch::Scratch, terminal::Terminal};
use checks::harness::poll;
use nix::{
    sys::{
        signal::{Signal, kill},
        termios::{LocalFlags, tcgetattr},
    },
    unistd::Pid,
};

/// A build and a verdict, on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);
const PACE: Duration = Duration::from_millis(20);
/// For a process that was killed to be gone.
const SOON: Duration = Duration::from_secs(5);
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
        Watched::start_in(Scratch::of_a_learner(name)?)
    }

    fn start_in(scratch: Scratch) -> anyhow::Result<Watched> {
        Ok(Watched {
            terminal: Terminal::start(verify(&scratch, &["watch"]), SIZE)?,
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

    /// Asks for another run in a terminal of so many columns. Returns its widest line.
    fn widest_of_run(&mut self, columns: u16, verdict: &str) -> anyhow::Result<usize> {
        self.terminal.resize((SIZE.0, columns))?;
        self.press("r")?;
        self.wait_for("Run ");
        let said = self.wait_for(verdict) + &self.wait_for("q quit");
        Ok(widest(&said))
    }

    /// How many of the learner's programs are running, and what cargo may be building.
    fn running(&self) -> usize {
        let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
        processes
            .filter_map(|process| fs::read_link(process.path().join("exe")).ok())
            .filter(|program| program.starts_with(self.scratch.root().join("target")))
            .count()
    }
}

/// `cargo verify …` in this workspace.
fn verify(scratch: &Scratch, arguments: &[&str]) -> Command {
    common::verify::verify(scratch.root(), arguments)
}

/// The width of the widest line of several words, as a terminal shows it. A command stays whole, to be pasted.
fn widest(said: &str) -> usize {
    let shown = anstream::adapter::strip_str(said).to_string();
    let lines = shown.split(['\r', '\n']).filter(|line| {
        !["cargo verify ", "curl "]
            .iter()
            .any(|it| line.contains(it))
    });
    let widths = lines.map(|line| line.trim_end().chars().count());
    widths.max().unwrap_or_default()
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
fn a_run_is_laid_out_for_the_terminal_as_it_is_now() -> anyhow::Result<()> {
    let mut watched = Watched::start("watch-resized")?;
    watched.wait_for("Step 1 waits for you");
    watched.wait_for("q quit");
    let stub = "Step 1 waits for you";
    let wide = watched.widest_of_run(200, stub)?;
    assert!((61..=80).contains(&wide), "{wide} of 200 columns");
    assert_eq!(watched.widest_of_run(80, stub)?, wide);
    for columns in [60, 40] {
        let widest = watched.widest_of_run(columns, stub)?;
        assert!(widest <= columns.into(), "{widest} of {columns} columns");
    }
    // Too narrow for a verdict: it is said, and watching goes on.
    watched.widest_of_run(20, "20 columns are too few")?;
    assert_eq!(watched.widest_of_run(80, stub)?, wide);
    watched.press("q")?;
    assert_eq!(watched.terminal.wait()?.code(), Some(0));
    Ok(())
}

#[test]
fn forty_columns_are_enough_and_twenty_are_refused_in_one_line() -> anyhow::Result<()> {
    let scratch = Scratch::of_a_learner("watch-narrow")?;
    for arguments in [&["watch"][..], &["list"], &["hint", "1"], &["1"], &[]] {
        let mut terminal = Terminal::start(verify(&scratch, arguments), (24, 20))?;
        let (said, _) = terminal.wait_for("\n", LIMIT)?;
        assert!(said.starts_with("error: 20 columns are too few"), "{said}");
        assert_eq!(terminal.wait()?.code(), Some(2), "{arguments:?}");
        assert_eq!(terminal.rest()?, "", "{arguments:?}");
    }
    for arguments in [
        &["list"][..],
        &["hint", "1"],
        &["hint", "health.answers-200", "2"],
        &["--list"],
    ] {
        let mut terminal = Terminal::start(verify(&scratch, arguments), (24, 40))?;
        assert_eq!(terminal.wait()?.code(), Some(0), "{arguments:?}");
        let said = terminal.rest()?;
        let widest = widest(&said);
        assert!(
            (20..=40).contains(&widest),
            "{arguments:?}: {widest}\n{said}"
        );
    }
    Ok(())
}

#[test]
fn whatever_ends_it_no_program_is_left_and_the_terminal_is_restored() -> anyhow::Result<()> {
    let mut scratch = Scratch::of_a_learner("watch-ended")?;
    let hangs = "checks/attempts/01-health/wrong/answers-once-then-hangs.rs";
    scratch.lay(&common::workspace().join(hangs), TASK)?;
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        let mut watched = Watched::start_in(scratch)?;
        assert!(
            poll::is_done(LIMIT, PACE, || watched.running() > 0),
            "{signal}: the program was never started"
        );
        kill(Pid::from_raw(i32::try_from(watched.terminal.id())?), signal)?;
        let ended = watched.terminal.wait()?;
        assert_eq!(ended.code(), Some(130), "{signal}");
        assert!(watched.waits_for_enter()?, "{signal}");
        let ended = || watched.running() == 0;
        assert!(
            poll::is_done(SOON, PACE, ended),
            "{signal}: a program is left"
        );
        scratch = watched.scratch;
    }
    Ok(())
}
