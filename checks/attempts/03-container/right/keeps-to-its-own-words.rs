//! Reasons of its own, without the system's.
//!
//! Right because: They are for people who have never seen os error 111.

use std::{
    env,
    io::{BufRead, BufReader, ErrorKind, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
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

fn ask() -> i32 {
    let Ok(port) = value("PORT", "8000").parse::<u16>() else {
        eprintln!("PORT is not a number");
        return 1;
    };
    let limit = Some(Duration::from_millis(1500));
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let Ok(mut stream) = TcpStream::connect_timeout(&address, Duration::from_millis(500)) else {
        eprintln!("nobody listens on port {port}");
        return 1;
    };
    let mut line = String::new();
    let answered = stream
        .set_read_timeout(limit)
        .and_then(|()| {
            stream
                .write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        })
        .and_then(|()| BufReader::new(&mut stream).read_line(&mut line));
    match answered {
        Ok(0) => eprintln!("the server hung up"),
        Ok(_) if line.starts_with("HTTP/1.1 200 ") => return 0,
        Ok(_) => eprintln!("the server answers {}", line.trim_end()),
        Err(error) if error.kind() == ErrorKind::WouldBlock => eprintln!("the server is silent"),
        Err(_) => eprintln!("that is not HTTP"),
    }
    1
}
