//! The timeline: events are printed as they happen.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use anstream::print;
use anstyle::Style;

use crate::ui::style::{BOLD, DIM, GREEN, RED, YELLOW};

/// What a line of the timeline is about.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Fault,
    Signal,
    Pending,
    Firing,
    Notification,
    Silenced,
    Repaired,
    Resolved,
}

/// Prints to the terminal, or nothing with `--json`.
pub struct Timeline {
    quiet: bool,
    /// Times are relative to this.
    began: Instant,
}

impl Timeline {
    pub fn new(quiet: bool) -> Timeline {
        Timeline {
            quiet,
            began: Instant::now(),
        }
    }

    /// Begins a new fault: times start at zero again.
    pub fn begin(&mut self, title: &str) {
        self.began = Instant::now();
        self.say(&format!("\n{BOLD}{title}{BOLD:#}\n"));
    }

    /// How long ago the fault began.
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// Reports that something happened just now, and returns the time since the beginning of the fault.
    pub fn note(&self, kind: Kind, what: &str) -> Duration {
        let after = self.elapsed();
        self.say(&line(kind, after, what));
        after
    }

    /// More about the event above.
    pub fn go_on(&self, what: &str) {
        self.say(&format!("{:23}{DIM}{what}{DIM:#}\n", ""));
    }

    /// A line that is not an event.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            print!("{text}");
        }
    }
}

fn line(kind: Kind, after: Duration, what: &str) -> String {
    let (word, style): (&str, Style) = match kind {
        Kind::Fault => ("fault", RED),
        Kind::Signal => ("signal", YELLOW),
        Kind::Pending => ("pending", YELLOW),
        Kind::Firing => ("firing", RED),
        Kind::Notification => ("told", BOLD),
        Kind::Silenced => ("silenced", DIM),
        Kind::Repaired => ("mended", GREEN),
        Kind::Resolved => ("resolved", GREEN),
    };
    // One line each: 80 columns less what stands before it.
    let what: String = what.chars().take(57).collect();
    let mut line = String::new();
    let _ = writeln!(
        line,
        "  {:>7.1} s  {style}{word:<9}{style:#} {what}",
        after.as_secs_f64()
    );
    line
}
