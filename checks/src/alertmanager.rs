//! A real Alertmanager, from the PATH, else from its image. Its configuration is ours to answer for: it dials what that says.
//! Beside it, what a configuration means, without it and at any instant:
//!
//! - [`config`]: the file; [`matcher`], [`hours`]: conditions on labels, and on the time
//! - [`routes`]: who is told, and when; `inhibition`: which alerts silence which
//! - [`rehearsal`]: a copy of a configuration that tells nobody but our sinks

mod amtool;
pub mod config;
pub mod container;
pub mod durations;
pub mod folder;
pub mod hours;
mod inhibition;
pub mod matcher;
mod ranges;
pub mod rehearsal;
pub mod routes;
mod server;
mod source;

pub use amtool::check_config;
pub use folder::Beside;
pub use server::Alertmanager;
pub use source::{NAMES, Source};
