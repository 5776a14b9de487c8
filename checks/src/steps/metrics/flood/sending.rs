//! Sends many requests, over a few connections at a time.

use std::{io, net::SocketAddr, thread, time::Instant};

use super::tally::Tally;
use crate::harness::{http::ANSWER_LIMIT, raw_http::Connection, text::varying};

/// The number of connections at a time.
const CONNECTIONS: usize = 4;

/// A request to send.
pub struct Request {
    pub method: String,
    pub path: String,
    /// The header lines, each with its line break. A Host stands among them.
    pub headers: String,
}

/// Sends `count` requests and reads the answers. Returns how they were answered.
///
/// # Errors
/// What went wrong: no answer, or not all of them by `give_up`.
pub fn send(
    address: SocketAddr,
    count: usize,
    give_up: Instant,
    request: fn(usize) -> Request,
) -> Result<Tally, String> {
    let shares: Vec<_> = thread::scope(|scope| {
        let sending: Vec<_> = (0..CONNECTIONS)
            .map(|first| scope.spawn(move || send_share(address, first..count, give_up, request)))
            .collect();
        sending
            .into_iter()
            .map(|share| share.join().expect("sending does not panic"))
            .collect()
    });
    // The earliest failure, whichever thread reported first.
    let errors = shares.iter().filter_map(|share| share.as_ref().err());
    if let Some((_, what)) = errors.min_by_key(|(number, _)| *number) {
        return Err(what.clone());
    }
    let mut sent = Tally::default();
    shares
        .into_iter()
        .flatten()
        .for_each(|share| sent.add(share));
    Ok(sent)
}

/// Sends the share of one connection: every [`CONNECTIONS`]th request of `numbers`.
fn send_share(
    address: SocketAddr,
    numbers: std::ops::Range<usize>,
    give_up: Instant,
    request: fn(usize) -> Request,
) -> Result<Tally, (usize, String)> {
    let count = numbers.end;
    let mut tally = Tally::default();
    let mut connection = None;
    for number in numbers.step_by(CONNECTIONS) {
        let request = request(number);
        // The service may close a connection after any answer, which shows only on its next use.
        let answered = match connection.take() {
            Some(open) => ask(open, &request).or_else(|_| {
                tally.repeated += 1;
                ask_anew(address, &request)
            }),
            None => ask_anew(address, &request),
        };
        match answered {
            Ok((open, status)) if Instant::now() < give_up => {
                tally.count(&request, status);
                connection = Some(open);
            }
            Ok(_) => {
                return Err((
                    number,
                    format!(
                        "only {} of {count} were answered in time",
                        varying("some", number)
                    ),
                ));
            }
            Err(error) => {
                let Request { method, path, .. } = request;
                return Err((number, format!("{method} {path}: no answer ({error})")));
            }
        }
    }
    Ok(tally)
}

fn ask_anew(address: SocketAddr, request: &Request) -> io::Result<(Connection, u16)> {
    ask(Connection::open(address, ANSWER_LIMIT)?, request)
}

/// Sends the request and returns the connection again, and the status of the answer.
fn ask(mut connection: Connection, request: &Request) -> io::Result<(Connection, u16)> {
    let Request {
        method,
        path,
        headers,
    } = request;
    let bytes = format!("{method} {path} HTTP/1.1\r\n{headers}\r\n");
    connection.send(bytes.as_bytes())?;
    let status = connection.answer_to(method)?.status;
    Ok((connection, status))
}
