//! The self-check: starts a learner's service, pokes it, and says what is right, what is not yet, and why.
//!
//! # Layout
//!
//! - [`course`]: the seven steps, in order
//! - [`steps`]: what is checked, one module per step; start reading here
//! - [`check`]: what a check is and how it can end
//! - [`program`]: builds, starts and ends the learner's program
//! - [`compose`]: the same in Docker, as a Compose project of its own
//! - [`verify`]: walks the steps
//! - [`http`]: asks it something; [`log`]: what it writes
//! - [`keep_alive`]: many requests over one connection; [`exposition`]: what `/metrics` says
//! - [`expect`]: what several steps expect of an answer
//! - [`fake_postgres`]: the database behind it, as well or as ill as a check wants it
//! - [`alertmanager`], [`prometheus`]: real ones; [`observer`]: where they come from; [`sinks`]: where messages arrive
//! - [`drill`]: an incident on stage
//! - [`report`]: tells the learner; [`json`]: tells a machine
//! - [`hint`], [`playground`]: `cargo verify hint` and `cargo verify database`
//! - [`docker`]: whether it can be used here; [`doctor`]: whether there is all else that the steps need
//! - [`tool`]: runs a tool, but not for ever
//! - [`ending`]: what must be ended, also on Ctrl-C; [`child`]: a process that ends with all that it started

pub mod alertmanager;
pub mod check;
pub mod child;
pub mod compose;
pub mod course;
pub mod docker;
pub mod doctor;
pub mod drill;
pub mod ending;
pub mod expect;
pub mod exposition;
pub mod fake_postgres;
pub mod hint;
pub mod http;
pub mod json;
pub mod keep_alive;
pub mod log;
pub mod observer;
pub mod playground;
pub mod program;
pub mod prometheus;
pub mod report;
pub mod sinks;
pub mod steps;
pub mod tool;
pub mod verify;
