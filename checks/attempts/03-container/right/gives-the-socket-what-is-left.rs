//! One clock for everything, and no second thread.
//!
//! Right because: Before each wait the socket is given what is left of the 2 s.

use std::{
    env,
    io::{self, ErrorKind, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    process,
    time::{Duration, Instant},
};

use solutions::config::value;

const LIMIT: Duration = Duration::from_millis(1900);

/// Longer than any status line.
const ENOUGH: usize = 512;

/// Does nothing unless the first argument is `healthcheck`.
pub fn answer_if_asked() {
    let mut words = env::args_os().skip(1);
    if words.next().is_some_and(|word| word == "healthcheck") {
        let code = match probe(&value("PORT", "8000")) {
            Ok(()) => 0,
            Err(why) => {
                // Not `eprintln`, which panics where stderr is closed.
                let _ = writeln!(io::stderr(), "unhealthy: {why}");
                1
            }
        };
        process::exit(code);
    }
}

fn probe(port: &str) -> Result<(), String> {
    let port = port
        .parse::<u16>()
        .map_err(|error| format!("PORT {port:?}: {error}"))?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let line = first_line(address).map_err(|error| match error.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => format!("{address} took too long"),
        _ => format!("{address}: {error}"),
    })?;
    let mut words = line.split_ascii_whitespace();
    let version = words.next().unwrap_or_default();
    match words.next() {
        Some("200") if version.starts_with("HTTP/1.") => Ok(()),
        _ => Err(format!("{address} answered {line:?}")),
    }
}

fn first_line(address: SocketAddr) -> io::Result<String> {
    let end = Instant::now() + LIMIT;
    let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_write_timeout(Some(left(end)?))?;
    let request = format!("HEAD /health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut heard: Vec<u8> = Vec::new();
    loop {
        if let Some(at) = heard.iter().position(|byte| *byte == b'\n') {
            heard.truncate(at);
            return Ok(String::from_utf8_lossy(&heard).trim_end().to_owned());
        }
        if heard.len() >= ENOUGH {
            return Err(io::Error::other("what it sends is not HTTP"));
        }
        stream.set_read_timeout(Some(left(end)?))?;
        let mut part = [0; 64];
        match stream.read(&mut part) {
            Ok(0) => {
                let so_far = String::from_utf8_lossy(&heard).into_owned();
                return Err(io::Error::other(format!("it stopped after {so_far:?}")));
            }
            Ok(length) => heard.extend_from_slice(&part[..length]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// What is left until then: a socket takes no timeout of zero.
fn left(end: Instant) -> io::Result<Duration> {
    let left = end.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(ErrorKind::TimedOut.into());
    }
    Ok(left)
}
