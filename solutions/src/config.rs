//! Settings from the environment: where to listen and how much to log.
//!
//! A value that cannot be used ends the program here, with one line that names it: a service that does not start
//! is better than one that listens on the wrong address unnoticed.

use std::{
    env,
    net::{SocketAddr, TcpListener},
    process,
};

/// The environment variable `name`, or `default` when it is unset or empty.
///
/// Empty counts as unset because Compose turns `PORT: ${PORT}` into an empty string when the variable is not set.
pub fn value(name: &str, default: &str) -> String {
    match env::var(name) {
        Ok(value) if !value.is_empty() => value,
        Ok(_) | Err(env::VarError::NotPresent) => default.to_owned(),
        Err(env::VarError::NotUnicode(_)) => give_up(&format!("{name} is not valid UTF-8")),
    }
}

/// Starts the logger at the level that `RUST_LOG` asks for (`info`).
pub fn start_logging() {
    env_logger::Builder::new()
        .parse_filters(&value("RUST_LOG", "info"))
        // What is not HTTP. It is the caller's fault, and anybody could fill the log with errors.
        .filter_module("actix_http::h1", log::LevelFilter::Off)
        .init();
}

/// Listens on `HOST` (127.0.0.1) and `PORT` (8000). Returns the address as well: with `PORT=0` the system chooses the port.
pub fn listen() -> (TcpListener, SocketAddr) {
    let host = value("HOST", "127.0.0.1");
    let port = value("PORT", "8000");
    let number: u16 = port.parse().unwrap_or_else(|_| {
        give_up(&format!(
            "PORT must be a number from 0 to 65535, not {port:?}"
        ));
    });

    let listening = TcpListener::bind((host.as_str(), number))
        .and_then(|listener| listener.local_addr().map(|address| (listener, address)));
    let (listener, address) = listening.unwrap_or_else(|error| {
        give_up(&format!(
            "cannot listen on HOST {host:?}, PORT {port}: {error}"
        ));
    });
    log::info!(address:%, version = env!("CARGO_PKG_VERSION"); "listening on http://{address}");
    (listener, address)
}

/// Logs that the server on `address` has stopped: requests that were in flight have been answered.
pub fn stopped(address: SocketAddr) {
    log::info!(address:%, version = env!("CARGO_PKG_VERSION"); "stopped");
}

/// Prints the reason and ends the program with exit code 2, the one for wrong usage.
pub fn give_up(why: &str) -> ! {
    log::error!("{why}");
    process::exit(2);
}
