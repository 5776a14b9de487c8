//! Sends many requests, over a few connections at a time.

use std::{io, net::SocketAddr, thread, time::Instant};

use crate::harness::{http::ANSWER_LIMIT, raw_http::Connection, text::varying};

/// The number of connections at a time.
const CONNECTIONS: usize = 4;

/// A request to send.
pub struct Request {
    pub method: String,
    pub path: String,
    pub headers: String,
}

/// Sends `count` requests and reads the answers. Returns what went wrong, if anything: no answer, or not all of them by `give_up`.
pub fn send(
    address: SocketAddr,
    count: usize,
    give_up: Instant,
    request: fn(usize) -> Request,
) -> Option<String> {
    let errors = thread::scope(|scope| {
        let sending: Vec<_> = (0..CONNECTIONS)
            .map(|first| scope.spawn(move || send_share(address, first..count, give_up, request)))
            .collect();
        let errors = sending
            .into_iter()
            .map(|share| share.join().expect("sending does not panic"));
        errors.filter_map(Result::err).collect::<Vec<_>>()
    });
    // The earliest failure, whichever thread reported first.
    let first = errors.into_iter().min_by_key(|(number, _)| *number);
    first.map(|(_, what)| what)
}

/// Sends the share of one connection: every [`CONNECTIONS`]th request of `numbers`.
fn send_share(
    address: SocketAddr,
    numbers: std::ops::Range<usize>,
    give_up: Instant,
    request: fn(usize) -> Request,
) -> Result<(), (usize, String)> {
    let count = numbers.end;
    let mut connection = None;
    for number in numbers.step_by(CONNECTIONS) {
        let request = request(number);
        // The service may close a connection after any answer, which shows only on its next use.
        let answered = match connection.take() {
            Some(open) => ask(open, &request).or_else(|_| ask_anew(address, &request)),
            None => ask_anew(address, &request),
        };
        match answered {
            Ok(open) if Instant::now() < give_up => connection = Some(open),
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
    Ok(())
}

fn ask_anew(address: SocketAddr, request: &Request) -> io::Result<Connection> {
    ask(Connection::open(address, ANSWER_LIMIT)?, request)
}

fn ask(mut connection: Connection, request: &Request) -> io::Result<Connection> {
    connection.ask(&request.method, &request.path, &request.headers)?;
    Ok(connection)
}
