//! A real Alertmanager, from the PATH, else from its image. Its configuration is ours to answer for: it dials what that says.
//! Beside it, what a configuration means, without it and at any instant:
//!
//! - [`config`]: the file; [`matcher`], [`hours`]: conditions on labels, and on the time
//! - [`routes`]: who is told, and when; `inhibition`: which alerts silence which
//! - [`rehearsal`]: a copy of a configuration that tells nobody but our sinks

mod amtool;
pub mod config;
pub mod durations;
pub mod hours;
mod inhibition;
pub mod matcher;
mod ranges;
pub mod rehearsal;
pub mod routes;
mod server;

pub use amtool::check_config;
pub use server::Alertmanager;

use crate::observer::{File, Source, container::ALERTMANAGER};

/// The configuration's name, wherever it lies.
const CONFIG: &str = "alertmanager.yml";

/// What it is called; Debian has the longer name.
pub const NAMES: [&str; 2] = ["alertmanager", "prometheus-alertmanager"];

/// Alertmanager, from the PATH, else from its image.
///
/// # Errors
/// Why there is none, in one line, with what to do about it.
pub fn alertmanager() -> Result<Source, String> {
    find(&NAMES)
}

/// `amtool`, which comes with it, from the same places.
///
/// # Errors
/// Why there is none, in one line, with what to do about it.
pub fn amtool() -> Result<Source, String> {
    find(&["amtool"])
}

/// One reason for both, because they come together.
fn find(names: &[&str]) -> Result<Source, String> {
    Source::on_path("Alertmanager", names).or_else(|_| {
        Source::image("their", &ALERTMANAGER)
            .map_err(|why| format!("Alertmanager and amtool are not on the PATH, and {why}"))
    })
}

/// A configuration, and the files beside it.
fn with<'a>(config: &'a str, beside: &[File<'a>]) -> Vec<File<'a>> {
    [beside, &[(CONFIG, config)]].concat()
}
