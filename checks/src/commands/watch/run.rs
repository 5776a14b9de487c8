//! One run of `cargo verify` beside this one, which can be ended at any time.

use std::{env, path::Path, process::Command};

use anyhow::Context;

use crate::harness::{
    cleanup::CleanupGuard,
    process::{self, Child},
};

/// A run, which is ended with everything that it has started when this value is dropped.
pub struct Run {
    child: Child,
    _guard: CleanupGuard,
}

impl Run {
    /// Starts `cargo verify <arguments>`, which prints where this program prints.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(root: &Path, arguments: &[&str]) -> anyhow::Result<Run> {
        let program = env::current_exe().context("where is this program?")?;
        let mut command = Command::new(program);
        command
            .env("CARGO_MANIFEST_DIR", root.join("checks"))
            .args(arguments);
        let (child, guard) = process::spawn_visible(command).context("cannot run the checks")?;
        Ok(Run {
            child,
            _guard: guard,
        })
    }

    /// Its exit code, once it has ended.
    pub fn ended(&mut self) -> Option<Option<i32>> {
        process::exit_status(&self.child).map(|status| status.code())
    }
}
