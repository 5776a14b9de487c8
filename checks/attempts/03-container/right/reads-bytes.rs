//! Reads byte by byte up to the line break, and never makes text of it.
//!
//! Right because: Works for an answer that is no text.

use std::{
    env,
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    process,
    time::{Duration, Instant},
};

use solutions::config::value;

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
    let reason = match first_line() {
        Ok(line) if line.starts_with(b"HTTP/1.1 200 ") => return 0,
        Ok(line) => format!("not a 200: {}", line.escape_ascii()),
        Err(error) => format!("no answer: {error}"),
    };
    eprintln!("{reason}");
    1
}

fn first_line() -> io::Result<Vec<u8>> {
    let end = Instant::now() + Duration::from_secs(2);
    let port = value("PORT", "8000").parse().map_err(io::Error::other)?;
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: healthcheck\r\nAccept: */*\r\nConnection: close\r\n\r\n")?;
    let mut line = Vec::new();
    let mut byte = [0];
    while line.last() != Some(&b'\n') && line.len() < 100 {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        if stream.read(&mut byte)? == 0 {
            break;
        }
        line.push(byte[0]);
    }
    Ok(line)
}
