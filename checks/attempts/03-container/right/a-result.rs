//! An enum of its own for what can go wrong, and a Result.
//!
//! Right because: Each cause has its own words.

use std::{
    env, fmt,
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, SocketAddrV4, TcpStream},
    process,
    time::Duration,
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

enum Unhealthy {
    Port(String),
    Unreachable(std::io::Error),
    Silent(std::io::Error),
    Says(String),
}

impl fmt::Display for Unhealthy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unhealthy::Port(port) => write!(f, "PORT is not a port: {port}"),
            Unhealthy::Unreachable(error) => write!(f, "cannot connect: {error}"),
            Unhealthy::Silent(error) => write!(f, "connected, but: {error}"),
            Unhealthy::Says(line) => write!(f, "status is {line:?}, not 200"),
        }
    }
}

fn ask() -> i32 {
    match probe() {
        Ok(()) => 0,
        Err(why) => {
            eprintln!("{why}");
            1
        }
    }
}

fn probe() -> Result<(), Unhealthy> {
    let limit = Duration::from_millis(1900);
    let text = value("PORT", "8000");
    let port = text.parse().map_err(|_| Unhealthy::Port(text))?;
    let address = SocketAddrV4::new(Ipv4Addr::LOCALHOST, port);
    let mut stream =
        TcpStream::connect_timeout(&address.into(), limit).map_err(Unhealthy::Unreachable)?;
    let mut line = String::new();
    stream
        .set_read_timeout(Some(limit))
        .and_then(|()| {
            write!(
                stream,
                "GET /health HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
            )
        })
        .and_then(|()| BufReader::new(&stream).read_line(&mut line))
        .map_err(Unhealthy::Silent)?;
    if line.split(' ').nth(1) == Some("200") {
        return Ok(());
    }
    Err(Unhealthy::Says(line.trim().to_owned()))
}
