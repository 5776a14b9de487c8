//! What happened, in the order in which it did, shown as it does.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use anstream::print;
use anstyle::Style;

use crate::report::{BOLD, DIM, GREEN, RED, YELLOW};

/// What a line of the timeline is about.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Fault,
    Signal,
    Pending,
    Firing,
    Told,
    Silenced,
    Mended,
    Resolved,
}

/// Writes to the terminal, or keeps quiet for `--json`.
pub struct Timeline {
    quiet: bool,
    /// Since when the times are counted.
    began: Instant,
}

impl Timeline {
    pub fn new(quiet: bool) -> Timeline {
        Timeline {
            quiet,
            began: Instant::now(),
        }
    }

    /// A new fault begins: the times start at zero again.
    pub fn begin(&mut self, title: &str) {
        self.began = Instant::now();
        self.say(&format!("\n{BOLD}{title}{BOLD:#}\n"));
    }

    /// How long ago the fault began.
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// Notes that something happened just now, and returns how long after the beginning of the fault.
    pub fn note(&self, kind: Kind, what: &str) -> Duration {
        let after = self.elapsed();
        self.say(&line(kind, after, what));
        after
    }

    /// More about the event above.
    pub fn go_on(&self, what: &str) {
        self.say(&format!("{:23}{DIM}{what}{DIM:#}\n", ""));
    }

    /// Something that is no event.
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
        Kind::Told => ("told", BOLD),
        Kind::Silenced => ("silenced", DIM),
        Kind::Mended => ("mended", GREEN),
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
