//! Takes a 200 for unhealthy if its body says another status than ok.
//!
//! Why a learner writes it: Step 1 has defined {"status":"ok"}; who says 200 and "degraded" in one answer is not healthy.
//! Fails: container.says-0-when-healthy

use std::{
    env,
    io::{self, ErrorKind, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    process,
    time::{Duration, Instant},
};

use solutions::config::value;

const LIMIT: Duration = Duration::from_secs(2);
const LONGEST_ANSWER: usize = 8_000;

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
    let why = match answer(&port) {
        Ok(answer) => {
            let line = answer.lines().next().unwrap_or_default();
            let said = status_in_body(&answer);
            match said {
                _ if !line.starts_with("HTTP/1.1 200 ") => format!("answered {line:?}"),
                None | Some("ok") => return 0,
                Some(said) => format!("answered {line:?}, but says {said:?}"),
            }
        }
        Err(error) => error.to_string(),
    };
    eprintln!("{url}: {why}");
    1
}

/// What came before the end of the answer, or before the limit.
fn answer(port: &str) -> io::Result<String> {
    let end = Instant::now() + LIMIT;
    let port: u16 = port.parse().map_err(io::Error::other)?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer: Vec<u8> = Vec::new();
    let mut part = [0; 1024];
    while answer.len() < LONGEST_ANSWER {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut part) {
            Ok(0) => break,
            Ok(length) => answer.extend_from_slice(&part[..length]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                break;
            }
            // The status line may be here already.
            Err(_) if !answer.is_empty() => break,
            Err(error) => return Err(error),
        }
    }
    if answer.is_empty() && Instant::now() >= end {
        return Err(io::Error::other(format!("no answer within {LIMIT:?}")));
    }
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// The value of `"status"` in the body, without a JSON parser: this binary has none here.
fn status_in_body(answer: &str) -> Option<&str> {
    let (_, body) = answer.split_once("\r\n\r\n")?;
    let (_, rest) = body.split_once("\"status\"")?;
    let rest = rest.trim_start().strip_prefix(':')?;
    let rest = rest.trim_start().strip_prefix('"')?;
    rest.split('"').next()
}
