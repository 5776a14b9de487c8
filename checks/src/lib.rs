//! The self-check: starts a learner's service, pokes it, and says what is right, what is not yet, and why.
//!
//! # Layout
//!
//! From the top floor down; a room knows only those below it.
//!
//! - [`commands`]: the subcommands
//! - [`ui`]: reports for people and for programs
//! - [`verify`]: runs a step
//! - [`course`]: the table of the steps
//! - [`steps`]: the checks, one module per step; start reading here
//! - [`subject`]: the package that is checked
//! - [`tools`]: Docker, Prometheus and other programs
//! - [`harness`]: the test bench
//! - [`check`]: what a check is and how it can end

#![warn(clippy::excessive_nesting, clippy::match_bool, clippy::too_many_lines)]

pub mod check;
pub mod commands;
pub mod course;
pub mod harness;
pub mod steps;
pub mod subject;
pub mod tools;
pub mod ui;
pub mod verify;
