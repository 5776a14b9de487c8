//! The terminal, which passes on each key at once while this value lives. Where there is none, nothing is changed.

use std::io::{IsTerminal, stdout};

use crate::{harness::cleanup::CleanupGuard, ui::say};

/// Clears the screen and the scrollback.
const CLEAR: &str = "\x1b[2J\x1b[3J\x1b[H";

/// What was changed is restored when this value is dropped, also on Ctrl-C and after a panic.
pub struct Terminal {
    is_terminal: bool,
    _restored: Option<CleanupGuard>,
}

impl Terminal {
    /// Stops the terminal from waiting for Enter, and from echoing keys.
    ///
    /// # Errors
    /// When the terminal does not allow it.
    pub fn begin() -> anyhow::Result<Terminal> {
        Ok(Terminal {
            is_terminal: stdout().is_terminal(),
            _restored: keys_at_once()?,
        })
    }

    /// Makes room for a new verdict.
    pub fn clear(&self) {
        if self.is_terminal {
            say(CLEAR);
        } else {
            say("\n");
        }
    }
}

#[cfg(unix)]
fn keys_at_once() -> anyhow::Result<Option<CleanupGuard>> {
    use nix::sys::termios::{LocalFlags, SetArg, tcgetattr, tcsetattr};
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return Ok(None);
    }
    let (_, guard) = CleanupGuard::of(|| {
        let before = tcgetattr(&stdin)?;
        let mut changed = before.clone();
        // Not the whole raw mode: Ctrl-C stays what it is, and so do line breaks.
        changed
            .local_flags
            .remove(LocalFlags::ICANON | LocalFlags::ECHO);
        tcsetattr(&stdin, SetArg::TCSANOW, &changed)?;
        let restore = move || {
            let _ = tcsetattr(std::io::stdin(), SetArg::TCSANOW, &before);
        };
        anyhow::Ok(((), restore))
    })?;
    Ok(Some(guard))
}

#[cfg(not(unix))]
fn keys_at_once() -> anyhow::Result<Option<CleanupGuard>> {
    Ok(None)
}
