//! Output.
//!
//! - [`report`]: for the learner; [`live`]: the same, line by line as the checks end; [`style`]: colours, and lines that fit
//! - [`json`]: for programs; [`grades`]: for grading tools

pub mod grades;
pub mod json;
pub mod live;
pub mod report;
pub mod style;

use std::io::Write;

use crate::harness::cleanup;

/// The exit code when the verdict cannot be written, because its reader has ended: after `| head`, for example.
const UNREAD: i32 = 2;

/// Prints `text` at once, without colours where there is no terminal. If its reader has gone, this program ends.
pub fn say(text: &str) {
    let mut stdout = anstream::stdout().lock();
    if stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .is_err()
    {
        cleanup::exit(UNREAD);
    }
}
