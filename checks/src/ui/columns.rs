//! How wide a line may be.

use std::{
    io::stdout,
    sync::atomic::{AtomicUsize, Ordering},
};

use anyhow::ensure;

use crate::harness::terminal;

/// The widest line, and the width wherever there is no terminal.
const WIDEST: usize = 80;

/// In fewer columns a verdict is torn into single words.
const NARROWEST: usize = 40;

static WIDTH: AtomicUsize = AtomicUsize::new(WIDEST);

/// From now on lines fit the terminal that this program prints to.
///
/// # Errors
/// When it is too narrow.
pub fn fit_terminal() -> anyhow::Result<()> {
    let columns = terminal::columns(stdout()).unwrap_or(WIDEST);
    ensure!(
        columns >= NARROWEST,
        "{columns} columns are too few: make the terminal {NARROWEST} wide, or add | cat"
    );
    WIDTH.store(columns.min(WIDEST), Ordering::Relaxed);
    Ok(())
}

/// The width of a line at most.
pub(crate) fn width() -> usize {
    WIDTH.load(Ordering::Relaxed)
}
