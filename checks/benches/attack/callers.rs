//! The callers: many connections for each thread.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

use crate::{
    LIMIT,
    attacks::{Attack, Then},
};

/// How long the service may take to admit a connection.
const ADMITTED: Duration = Duration::from_millis(500);

/// How often a slow caller sends a byte.
const PACE: Duration = Duration::from_millis(500);

/// Opens so many connections, sends what the attack sends, and waits until all are closed.
pub fn call(address: SocketAddr, attack: &Attack, callers: usize) -> Vec<(String, f64)> {
    let open = || {
        let mut stream = TcpStream::connect_timeout(&address, ADMITTED).ok()?;
        stream.set_read_timeout(Some(LIMIT)).ok()?;
        stream.set_write_timeout(Some(LIMIT)).ok()?;
        let opened = Instant::now();
        // It may be closed before all is sent: then the answer is there already.
        let _ = stream.write_all(&attack.first);
        Some((stream, opened))
    };
    let mut streams: Vec<(TcpStream, Instant)> = (0..callers).filter_map(|_| open()).collect();
    let waiting = callers - streams.len();
    match attack.then {
        Then::Nothing => {}
        Then::Slowly => drip(&mut streams),
        Then::Again(times) => {
            for (stream, _) in &mut streams {
                let _ = (0..times).try_for_each(|_| stream.write_all(&attack.first));
            }
        }
        // Only a write shows whether the connection is still open.
        Then::Deaf => {
            let held = |(mut stream, opened): (TcpStream, Instant)| {
                while stream.write_all(&attack.first).is_ok() && opened.elapsed() < LIMIT {}
                let held = opened.elapsed() >= LIMIT;
                let got = if held { "held" } else { "closed" };
                (got.to_owned(), opened.elapsed().as_secs_f64())
            };
            return streams.into_iter().map(held).collect();
        }
    }
    let closed = streams
        .into_iter()
        .map(|(stream, opened)| (end(stream), opened.elapsed().as_secs_f64()));
    let refused = (0..waiting).map(|_| ("not admitted".to_owned(), 0.0));
    closed.chain(refused).collect()
}

/// A byte to each, again and again, until all are closed or the limit is reached.
fn drip(streams: &mut [(TcpStream, Instant)]) {
    let started = Instant::now();
    let mut open = true;
    while open && started.elapsed() < LIMIT {
        open = false;
        for (stream, _) in streams.iter_mut() {
            open |= stream.write_all(b"x").is_ok();
        }
        thread::sleep(PACE);
    }
}

/// All that comes until the connection is closed: the status, how often, and whether the connection ended as it should.
fn end(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = stream.read_to_end(&mut bytes);
    let said = String::from_utf8_lossy(&bytes);
    let mut statuses: Vec<&str> = said
        .split("HTTP/1.1 ")
        .skip(1)
        .filter_map(|answer| answer.get(..3))
        .collect();
    let count = statuses.len();
    statuses.dedup();
    let mut got = statuses.join(" ");
    if count > statuses.len() {
        got = format!("{count} × {got}");
    }
    match read {
        Ok(_) if got.is_empty() => "closed".to_owned(),
        Ok(_) => got,
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
            format!("{got} held").trim().to_owned()
        }
        Err(_) => format!("{got} reset").trim().to_owned(),
    }
}
