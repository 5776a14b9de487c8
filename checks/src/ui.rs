//! Output.
//!
//! - [`report`]: for the learner; [`live`]: the same, line by line as the checks end; [`style`]: colours, and lines that fit
//!   the [`columns`] of the terminal
//! - [`json`]: for programs; [`grades`]: for grading tools

pub mod columns;
pub mod grades;
pub mod json;
pub mod live;
pub mod report;
pub mod style;

use std::io::{ErrorKind, Write};

use anstream::eprintln;

use crate::harness::cleanup;

/// The exit code when the verdict cannot be written.
const UNREAD: i32 = 2;

/// Prints `text` at once, without colours where there is no terminal. If that is not possible, this program ends: silently
/// after `| head`, whose reader has seen enough, and otherwise with a line that says why.
pub fn say(text: &str) {
    let mut stdout = anstream::stdout().lock();
    let written = stdout.write_all(text.as_bytes());
    if let Err(error) = written.and_then(|()| stdout.flush()) {
        if error.kind() != ErrorKind::BrokenPipe {
            eprintln!("error: the output cannot be written: {error}");
        }
        cleanup::exit(UNREAD);
    }
}
