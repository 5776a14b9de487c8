//! Repeats the body of an error behind its status, as it came.
//!
//! Why a learner writes it: "503" says little; the body says why, and one looks for it in the health log.
//! Fails: container.says-why

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

const LIMIT: Duration = Duration::from_secs(2);
const LONGEST_ANSWER: u64 = 2_000;

/// For the rest of an answer whose status is known already.
const REST_LIMIT: Duration = Duration::from_millis(300);

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
    let port = value("PORT", "8000");
    let url = format!("http://127.0.0.1:{port}/health");
    let (tell, hear) = mpsc::channel();
    thread::spawn(move || tell.send(answer(&port)));
    let why = match hear.recv_timeout(LIMIT) {
        Ok(Ok((line, _))) if line.starts_with("HTTP/1.1 200 ") => return 0,
        Ok(Ok((line, body))) if body.trim().is_empty() => format!("answered {:?}", line.trim_end()),
        Ok(Ok((line, body))) => format!("answered {:?}: {}", line.trim_end(), body.trim()),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("no answer within {LIMIT:?}"),
    };
    eprintln!("{url}: {why}");
    1
}

/// The status line, and unless it says 200 the body.
fn answer(port: &str) -> io::Result<(String, String)> {
    let port: u16 = port.parse().map_err(io::Error::other)?;
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let socket = stream.try_clone()?;
    let mut reader = BufReader::new(stream.take(LONGEST_ANSWER));
    let mut line = String::new();
    reader.read_line(&mut line)?;
    if line.starts_with("HTTP/1.1 200 ") {
        return Ok((line, String::new()));
    }
    socket.set_read_timeout(Some(REST_LIMIT))?;
    let mut rest = Vec::new();
    // What came before an error is kept.
    let _ = reader.read_to_end(&mut rest);
    let rest = String::from_utf8_lossy(&rest);
    let body = rest.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    Ok((line, body.to_owned()))
}
