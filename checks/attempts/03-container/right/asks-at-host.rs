//! Asks at HOST, where the server listens.
//!
//! Right because: 0.0.0.0 and :: lead to this machine, too.

use std::{
    env,
    io::{self, BufRead, BufReader, Write},
    net::{IpAddr, SocketAddr, TcpStream},
    process,
    time::Duration,
};

use solutions::config::value;

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
    let port: u16 = value("PORT", "8000").parse().map_err(io::Error::other)?;
    let host = value("HOST", "127.0.0.1");
    let ip: IpAddr = host.parse().map_err(io::Error::other)?;
    let mut stream = TcpStream::connect_timeout(&SocketAddr::new(ip, port), LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    Ok(line)
}
