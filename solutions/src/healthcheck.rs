//! The container's health check: `app healthcheck` requests `/health` from the server beside it, and exits with 0 or 1.
//!
//! Docker runs it inside the container, which has neither a shell nor curl, so the binary sends the request itself.

use std::{
    env,
    io::{self, BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpStream},
    process,
    sync::mpsc,
    thread,
    time::Duration,
};

use solutions::config::value;

/// For everything together. If Docker has to kill the probe (after 5 s), the health log contains no reason.
const LIMIT: Duration = Duration::from_secs(2);

/// The longest status line that is read: another program on this port may never end its line.
const LONGEST_LINE: u64 = 200;

/// Ends the program with the answer when it was started as `… healthcheck`; otherwise does nothing.
pub fn answer_if_asked() {
    if env::args_os()
        .nth(1)
        .is_some_and(|word| word == "healthcheck")
    {
        process::exit(ask());
    }
}

/// 0 for status 200 and 1 for everything else, with the reason on stderr: Docker keeps it in the container's health log.
fn ask() -> i32 {
    let port = value("PORT", "8000");
    let url = format!("http://127.0.0.1:{port}/health");
    // The socket's own timeouts limit each call, not their sum; a thread can be abandoned at any point.
    let (tell, hear) = mpsc::channel();
    thread::spawn(move || tell.send(status_line(&port)));
    let why = match hear.recv_timeout(LIMIT) {
        Ok(Ok(line)) if line.starts_with("HTTP/1.1 200 ") => return 0,
        Ok(Ok(line)) => format!("answered {:?}", line.trim_end()),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("no answer within {LIMIT:?}"),
    };
    eprintln!("{url}: {why}");
    1
}

/// Always 127.0.0.1, whatever `HOST` says: `0.0.0.0`, the image's default, and `[::]` include it. Not `localhost`, which
/// may mean `::1`.
fn status_line(port: &str) -> io::Result<String> {
    let port = port.parse().map_err(io::Error::other)?;
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut line = String::new();
    BufReader::new(stream.take(LONGEST_LINE)).read_line(&mut line)?;
    Ok(line)
}
