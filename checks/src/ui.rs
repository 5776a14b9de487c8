//! Output: [`report`] for the learner, and [`live`] while it is being made; [`json`] for programs, [`grades`] for
//! grading tools; [`style`]: colours, and lines
//! that fit

pub mod grades;
pub mod json;
pub mod live;
pub mod report;
pub mod style;

use std::io::Write;

use crate::harness::cleanup;

/// The exit code when there is nobody left to read the verdict, as after `| head`.
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
