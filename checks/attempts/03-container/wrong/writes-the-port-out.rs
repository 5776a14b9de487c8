//! Always asks on the same port: here on 1, where nothing listens on any machine.
//!
//! Why a learner writes it: The Dockerfile says 8000.
//! Fails: container.says-0-when-healthy

use std::{
    env,
    io::{self, BufRead, BufReader, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    process,
    time::Duration,
};

const LIMIT: Duration = Duration::from_secs(2);

/// Ends the program with the answer when it was started as `… healthcheck`; otherwise does nothing.
pub fn answer_if_asked() {
    if env::args_os()
        .nth(1)
        .is_some_and(|word| word == "healthcheck")
    {
        process::exit(ask());
    }
}

fn ask() -> i32 {
    match status_line() {
        Ok(line) if line.starts_with("HTTP/1.1 200") => 0,
        Ok(line) => {
            eprintln!("unhealthy: {}", line.trim());
            1
        }
        Err(error) => {
            eprintln!("unhealthy: {error}");
            1
        }
    }
}

fn status_line() -> io::Result<String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
    let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    Ok(line)
}
