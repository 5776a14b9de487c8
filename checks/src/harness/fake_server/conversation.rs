//! One connection to a fake server: it reads requests, answers them, and closes when it is asked to.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    thread,
    time::Duration,
};

use httparse::{EMPTY_HEADER, Request};

use super::{Answer, answer};
use crate::harness::{http::status_line, random::random_number};

/// The path that is asked for. Another one does not exist.
const PATH: &str = "/health";

/// How long [`Answer::Slow`] takes: half the time that a probe may wait.
const SLOW: Duration = Duration::from_secs(1);

/// Between the two pieces of [`Answer::Pieces`].
const PAUSE: Duration = Duration::from_millis(150);

/// The first bytes of an answer, and where they are cut off: before the status says anything.
const CUT: &str = "HTTP/1.1 20";

/// The number of bytes that are no text.
const GARBAGE: usize = 40;

/// Reads requests and answers them until one side closes. `note` is called with all that is received, `heard` with the head of
/// each request.
pub fn hold(
    mut stream: TcpStream,
    answer: Answer,
    note: impl Fn(&str),
    heard: impl Fn(&str),
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut bytes = Vec::new();
    loop {
        let mut buffer = [0; 4096];
        let read = stream.read(&mut buffer)?;
        if read == 0 {
            return Ok(());
        }
        note(&String::from_utf8_lossy(&buffer[..read]));
        bytes.extend(&buffer[..read]);
        let Some(head) = Head::read(&bytes) else {
            continue;
        };
        heard(String::from_utf8_lossy(&bytes[..head.length]).trim_end());
        bytes.drain(..head.length);
        if !reply(&mut stream, answer, &head)? || !head.keeps_open {
            return Ok(());
        }
    }
}

/// What is asked for.
struct Head {
    length: usize,
    has_body: bool,
    keeps_open: bool,
    /// The status that the request itself deserves, if it is not a good one.
    refused: Option<u16>,
}

impl Head {
    /// The first request in `bytes`, once it is whole.
    fn read(bytes: &[u8]) -> Option<Head> {
        let mut headers = [EMPTY_HEADER; 64];
        let mut request = Request::new(&mut headers);
        let length = match request.parse(bytes) {
            Ok(parsed) if parsed.is_partial() => return None,
            Ok(parsed) => Some(parsed.unwrap()),
            Err(_) => None,
        };
        let header = |name: &str| {
            let mut headers = request.headers.iter();
            let header = headers.find(|header| header.name.eq_ignore_ascii_case(name))?;
            std::str::from_utf8(header.value).ok()
        };
        let old = request.version == Some(0);
        let connection = header("connection")
            .unwrap_or_default()
            .to_ascii_lowercase();
        // A URL names the same path.
        let target = request.path.unwrap_or_default();
        let path = match target.strip_prefix("http://") {
            Some(url) => url.find('/').map_or("/", |slash| &url[slash..]),
            None => target,
        };
        let refused = if length.is_none() || (!old && header("host").is_none()) {
            Some(400)
        } else if path.split('?').next() != Some(PATH) {
            Some(404)
        } else if !matches!(request.method, Some("GET" | "HEAD")) {
            Some(405)
        } else {
            None
        };
        Some(Head {
            length: length.unwrap_or(bytes.len()),
            has_body: request.method != Some("HEAD"),
            keeps_open: length.is_some() && !old && connection != "close",
            refused,
        })
    }
}

/// Answers a request, and returns whether more may come.
fn reply(stream: &mut TcpStream, answer: Answer, head: &Head) -> io::Result<bool> {
    let status = match head.refused {
        Some(status) => Some(status_line(status)),
        None => answer::status(answer),
    };
    let Some(status) = status else {
        return without_status(stream, answer);
    };
    if answer == Answer::Slow {
        thread::sleep(SLOW);
    }
    let reply = text(&status, answer, head);
    let reply = reply.as_bytes();
    let first = if answer == Answer::Pieces {
        CUT.len()
    } else {
        0
    };
    stream.write_all(&reply[..first])?;
    if first > 0 {
        thread::sleep(PAUSE);
    }
    stream.write_all(&reply[first..])?;
    Ok(true)
}

/// Status, headers and body. What only looks like a 200 stands there too, to be told from the status; and the body of an error
/// has several lines, as an error page has.
fn text(status: &str, answer: Answer, head: &Head) -> String {
    let body = match (answer, &status[..1]) {
        _ if status.starts_with("204") => "",
        (Answer::Degraded, "2") => r#"{"status":"degraded"}"#,
        (_, "2") => r#"{"status":"ok"}"#,
        _ => "{\n  \"status\": \"ok\"\n}\n",
    };
    let more = match &status[..1] {
        "3" => "Location: https://localhost/health\r\nRetry-After: 200\r\n",
        "4" | "5" => "Retry-After: 200\r\n",
        _ => "",
    };
    let connection = if head.keeps_open {
        "keep-alive"
    } else {
        "close"
    };
    format!(
        "HTTP/1.1 {status}\r\n{more}Content-Type: application/json\r\nContent-Length: {}\r\nConnection: {connection}\r\n\r\n{}",
        body.len(),
        if head.has_body { body } else { "" }
    )
}

fn without_status(stream: &mut TcpStream, answer: Answer) -> io::Result<bool> {
    match answer {
        Answer::Half => stream.write_all(CUT.as_bytes())?,
        Answer::Garbage => {
            let byte = |_| random_number(0x80..0x100) as u8;
            let mut bytes: Vec<u8> = [0xff].into_iter().chain((1..GARBAGE).map(byte)).collect();
            bytes.push(b'\n');
            stream.write_all(&bytes)?;
        }
        Answer::Silent => {
            // Until the client hangs up.
            io::copy(stream, &mut io::sink())?;
        }
        _ => {}
    }
    Ok(false)
}
