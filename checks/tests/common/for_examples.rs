//! What the examples use of `common`: cargo gives them no path of the program.

#![allow(dead_code, reason = "each example uses its part of it")]

pub mod place;
pub mod scratch;
pub mod terminal;

pub use place::{profile, target, workspace};
