//! A real Alertmanager, from the PATH or else from its image. It connects to the addresses in its configuration, for which the
//! caller is responsible. The other modules work out what a configuration means, without Alertmanager and for any instant:
//!
//! - [`config`]: the file; [`matcher`], [`hours`]: conditions on labels, and on the time
//! - [`routes`]: who is notified, and when; `inhibition`: which alerts silence which
//! - [`sandbox_config`]: a copy of a configuration that notifies only our sinks

mod amtool;
pub mod any_hour;
pub mod config;
pub mod durations;
pub mod hours;
mod inhibition;
pub mod matcher;
mod ranges;
mod receiver;
pub mod routes;
pub mod sandbox_config;
mod server;

pub use amtool::check_config;
pub use server::Alertmanager;

use crate::{
    harness::scratch::File,
    tools::{container::ALERTMANAGER, source::Source},
};

/// The configuration's name inside its folder.
const CONFIG: &str = "alertmanager.yml";

/// Names of the program; Debian has the longer one.
pub const NAMES: [&str; 2] = ["alertmanager", "prometheus-alertmanager"];

/// Finds Alertmanager on the PATH, or else as an image.
///
/// # Errors
/// Why there is none, in one line, with what to do about it.
pub fn alertmanager() -> Result<Source, String> {
    find(&NAMES)
}

/// Finds `amtool`, which comes with Alertmanager, in the same places.
///
/// # Errors
/// Why there is none, in one line, with what to do about it.
pub fn amtool() -> Result<Source, String> {
    find(&["amtool"])
}

/// One error message for both programs, because they come together.
fn find(names: &[&str]) -> Result<Source, String> {
    Source::on_path("Alertmanager", names).or_else(|_| {
        Source::image("their", &ALERTMANAGER)
            .map_err(|why| format!("Alertmanager and amtool are not on the PATH, and {why}"))
    })
}

/// The files of a folder: a configuration, and those beside it.
fn with<'a>(config: &'a str, beside: &[File<'a>]) -> Vec<File<'a>> {
    [beside, &[(CONFIG, config)]].concat()
}
