//! The container's own question: `app healthcheck` asks `/health` of the server beside it, and exits with 0 or 1.
//!
//! Docker runs it inside the container, where there is neither a shell nor curl: the binary asks for itself.

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

/// For everything together. Docker kills the probe after 5 s, and then there is no reason to read.
const LIMIT: Duration = Duration::from_secs(2);

/// The longest status line that is read: whatever listens there may never end its line.
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

/// 0 for a 200 and 1 for everything else, with the reason on stderr: Docker keeps it in the container's health log.
fn ask() -> i32 {
    let port = value("PORT", "8000");
    let url = format!("http://127.0.0.1:{port}/health");
    // The socket's own limits bound each call, not their sum; a thread can be left behind at any point.
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
