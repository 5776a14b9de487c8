//! Sends a lot, over a few connections at a time.

use std::{io, net::SocketAddr, thread, time::Instant};

use crate::harness::{http::ANSWER_LIMIT, raw_http::Connection, text::varying};

/// Over how many connections at a time.
const CONNECTIONS: usize = 4;

/// What is sent, with its lines of header.
pub struct Request {
    pub method: String,
    pub path: String,
    pub headers: String,
}

/// Sends `count` requests and reads the answers. Says what went wrong, if something did: no answer, or not all until `give_up`.
pub fn send(
    address: SocketAddr,
    count: usize,
    give_up: Instant,
    request: fn(usize) -> Request,
) -> Option<String> {
    let troubles = thread::scope(|scope| {
        let sending: Vec<_> = (0..CONNECTIONS)
            .map(|first| scope.spawn(move || send_share(address, first..count, give_up, request)))
            .collect();
        let troubles = sending
            .into_iter()
            .map(|share| share.join().expect("sending does not panic"));
        troubles.filter_map(Result::err).collect::<Vec<_>>()
    });
    // The earliest failure, whichever thread reported first.
    let first = troubles.into_iter().min_by_key(|(number, _)| *number);
    first.map(|(_, what)| what)
}

/// Every so many of `numbers`: what one connection sends.
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
        // One that the service has closed, as it may after any answer, is found out only when it is used.
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
