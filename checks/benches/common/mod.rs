//! What the benches share. Linux only: it looks into `/proc`, and calls `kill` and `setpriv`.

#![allow(dead_code, reason = "each bench uses its part of it")]

pub mod postgres;
pub mod processes;
pub mod service;
mod written;

use std::{path::PathBuf, time::Duration};

use anyhow::Context;
use checks::harness::{build, cleanup};

/// How often something is looked at that is waited for.
pub const PACE: Duration = Duration::from_millis(20);

/// Builds the finished service. From now on Ctrl-C ends everything that a bench has started.
pub fn build() -> anyhow::Result<PathBuf> {
    cleanup::on_interrupt()?;
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    build::build(&root, "solutions")?.context("the finished service does not compile")
}
