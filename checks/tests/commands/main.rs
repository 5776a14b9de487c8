//! `cargo verify` and its commands, as a learner runs them. They are one program, because most of these tests wait: they do so
//! beside each other.

mod cli;
#[path = "../common/mod.rs"]
mod common;
mod companion;
mod doctor;
mod first_run;
#[cfg(unix)]
mod prefetch;
#[cfg(unix)]
mod trouble;
mod two_at_once;
#[cfg(target_os = "linux")]
mod watch;
