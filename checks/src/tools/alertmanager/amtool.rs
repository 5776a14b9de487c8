//! `amtool`, which parses a configuration as Alertmanager does.

use std::process::Output;

use super::{CONFIG, with};
use crate::{
    harness::scratch::File,
    tools::{container::ALERTMANAGER, source::Source},
};

/// Runs `amtool check-config` on a configuration; returns its exit status and its output.
///
/// # Errors
/// When amtool cannot be run.
pub fn check_config(amtool: &Source, config: &str, beside: &[File]) -> anyhow::Result<Output> {
    let arguments = ["check-config", CONFIG];
    amtool.run(("amtool", &ALERTMANAGER), &arguments, &with(config, beside))
}
