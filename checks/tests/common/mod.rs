//! Code that the test programs share.

#![allow(dead_code, reason = "each program uses its part of it")]

pub mod attempts;
pub mod edits;
pub mod groups;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub mod killed;
pub mod own_commands;
pub mod pinning;
pub mod place;
pub mod programs;
pub mod scratch;
pub mod suite;
#[cfg(target_os = "linux")]
pub mod terminal;
pub mod try_it;
pub mod verify;
pub mod wanted;

pub use place::{profile, target, workspace};
