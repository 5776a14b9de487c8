//! The test bench: it builds, starts and ends programs, and reads their output. It knows nothing of the course.
//!
//! - [`build`]: builds the learner's program; [`program`]: starts and ends it; [`launch`]: the settings, and the learner's
//!   command
//! - [`http`]: sends it requests; [`raw_http`]: many requests over one connection; [`clients`]: the same request as different
//!   clients write it; [`log`]: its output
//! - [`fake_postgres`]: its database, healthy or broken as a check requires; [`sinks`]: receive messages
//! - [`fake_server`]: a server for a client to be checked with; [`listener`]: accepts connections, for it and for the sinks
//! - [`process`]: a process that ends with everything it has started; [`run`]: runs a tool with a time limit
//! - [`poll`]: polls with a time limit; [`threads`]: waits for one; [`panics`]: survives that of a library
//! - [`cleanup`]: cleans up in any case, also on Ctrl-C; [`leftovers`]: finds what was left behind all the same
//! - [`keep`]: replaces files and loses nothing; [`scratch`], [`ports`]: temporary folders and free ports
//! - [`random`]: random values; [`text`]: makes foreign text safe to show; [`terminal`]: how wide one is

pub mod build;
pub mod cleanup;
pub mod clients;
pub mod fake_postgres;
pub mod fake_server;
pub mod http;
pub mod keep;
pub mod launch;
pub mod leftovers;
pub mod listener;
pub mod log;
pub mod panics;
pub mod poll;
pub mod ports;
pub mod process;
pub mod program;
pub mod random;
pub mod raw_http;
pub mod run;
pub mod scratch;
pub mod sinks;
pub mod terminal;
pub mod text;
pub mod threads;
