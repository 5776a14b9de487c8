//! The subcommands of `cargo verify`.

pub mod carry;
pub mod database;
pub mod doctor;
pub mod drill;
pub mod hint;
pub mod list;
pub mod message;
pub mod new;
pub mod overlay;
pub mod progress;
pub mod server;
pub mod watch;
pub mod who;
