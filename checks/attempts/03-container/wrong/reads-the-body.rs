//! Looks for "ok" in the body.
//!
//! Why a learner writes it: The body says how the service is.
//! Fails: container.says-0-when-healthy

use std::{
    env,
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
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
        Ok(line) if line.contains(r#""status":"ok""#) => 0,
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
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut line = String::new();
    stream.read_to_string(&mut line)?;
    Ok(line)
}
