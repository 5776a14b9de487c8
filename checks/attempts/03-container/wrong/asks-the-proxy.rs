//! Asks through the proxy that the environment names.
//!
//! Why a learner writes it: "As any client would": curl, which the lesson had before, reads these variables too.
//! Fails: container.asks-on-port

use std::{
    env,
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    process,
    sync::mpsc,
    thread,
    time::Duration,
};

use solutions::config::value;

const LIMIT: Duration = Duration::from_secs(2);
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

fn ask() -> i32 {
    let port = value("PORT", "8000");
    let url = format!("http://127.0.0.1:{port}/health");
    let (tell, hear) = mpsc::channel();
    let wanted = url.clone();
    thread::spawn(move || tell.send(status_line(&port, &wanted)));
    let why = match hear.recv_timeout(LIMIT) {
        Ok(Ok(line)) if line.starts_with("HTTP/1.1 200 ") => return 0,
        Ok(Ok(line)) => format!("answered {:?}", line.trim_end()),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("no answer within {LIMIT:?}"),
    };
    eprintln!("{url}: {why}");
    1
}

fn status_line(port: &str, url: &str) -> io::Result<String> {
    let port: u16 = port.parse().map_err(io::Error::other)?;
    // A proxy is given the whole URL.
    let (mut stream, target) = match proxy() {
        Some(proxy) => (TcpStream::connect(proxy)?, url),
        None => (TcpStream::connect(("127.0.0.1", port))?, "/health"),
    };
    let request =
        format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut line = String::new();
    BufReader::new(stream.take(LONGEST_LINE)).read_line(&mut line)?;
    Ok(line)
}

/// Host and port of the proxy, unless 127.0.0.1 is excepted.
fn proxy() -> Option<String> {
    let either = |lower: &str, upper: &str| value(lower, &value(upper, ""));
    let excepted = either("no_proxy", "NO_PROXY");
    if excepted
        .split(',')
        .any(|host| ["*", "127.0.0.1"].contains(&host.trim()))
    {
        return None;
    }
    let proxy = either("http_proxy", "HTTP_PROXY");
    let place = proxy
        .split_once("://")
        .map_or(proxy.as_str(), |(_, rest)| rest);
    let place = place.split('/').next().unwrap_or_default();
    if place.is_empty() {
        return None;
    }
    Some(match place.contains(':') {
        true => place.to_owned(),
        false => format!("{place}:80"),
    })
}
