//! A second thread ends the program after 2 s, with the reason.
//!
//! Right because: One limit for everything together.

use std::{
    env,
    io::{self, BufRead, BufReader, Write},
    net::{Ipv4Addr, TcpStream},
    process, thread,
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
    thread::spawn(|| {
        thread::sleep(Duration::from_secs(2));
        eprintln!("/health has not answered for 2 s");
        process::exit(1);
    });
    match status_line() {
        Ok(line) if line.starts_with("HTTP/1.1 200") => 0,
        Ok(line) => {
            eprintln!("/health answers {line:?}");
            1
        }
        Err(error) => {
            eprintln!("/health cannot be asked: {error}");
            1
        }
    }
}

fn status_line() -> io::Result<String> {
    let port: u16 = value("PORT", "8000").parse().map_err(io::Error::other)?;
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    Ok(line)
}
