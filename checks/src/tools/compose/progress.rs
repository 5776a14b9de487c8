//! A line on the terminal that shows that something is under way. Without a terminal, nothing is shown.

use std::{
    io::{self, IsTerminal, Write},
    time::Instant,
};

use crate::harness::text::printable;

/// One column less than the narrowest terminal: a line that wraps cannot be erased.
const WIDTH: usize = 79;

/// Erases its line when it is dropped.
pub struct Progress {
    what: Option<&'static str>,
    since: Instant,
}

impl Progress {
    /// Starts to measure the time for `what`.
    pub fn new(what: Option<&'static str>) -> Progress {
        Progress {
            what: what.filter(|_| io::stderr().is_terminal()),
            since: Instant::now(),
        }
    }

    /// Shows the time since the start, and `detail`.
    pub fn show(&self, detail: &str) {
        if let Some(what) = self.what {
            let line = line(what, self.since.elapsed().as_secs(), detail);
            // An error is ignored: a terminal that cannot be written to does not need the line.
            let _ = write!(io::stderr(), "\r\x1b[2K{line}");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.what.is_some() {
            let _ = write!(io::stderr(), "\r\x1b[2K");
        }
    }
}

fn line(what: &str, seconds: u64, detail: &str) -> String {
    let detail = printable(detail.trim());
    let line = format!("  … {what}, {seconds} s  {detail}");
    line.chars().take(WIDTH).collect()
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_line_stays_a_line() {
        assert_eq!(
            line("building the image", 7, " #8 Compiling\x1b[2K "),
            "  … building the image, 7 s  #8 Compiling\\u{1b}[2K"
        );
        assert_eq!(line("building", 7, &"#".repeat(200)).chars().count(), 79);
    }
}
