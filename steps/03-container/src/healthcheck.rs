//! The container's health check: `step03 healthcheck` requests `/health` from the server beside it, and exits with 0 or 1.

use std::{env, process};

/// Ends the program with the answer when it was started as `… healthcheck`; otherwise does nothing.
pub fn answer_if_asked() {
    if env::args_os()
        .nth(1)
        .is_some_and(|word| word == "healthcheck")
    {
        process::exit(ask());
    }
}

// TODO(step 3): send `GET /health` to 127.0.0.1 on `PORT`, wait 2 s at most; return 0 for a 200, else 1, with the reason on stderr.
// To look up: `TcpStream::connect_timeout`, `TcpStream::set_read_timeout`, `BufRead::read_line`, `solutions::config::value`.
// Then the other half of the task, in the Dockerfile at the root.
fn ask() -> i32 {
    eprintln!("healthcheck is not written yet");
    1
}
