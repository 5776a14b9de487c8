//! A fake HTTP server, to check a client with: healthy, failing, talking nonsense or silent, as a check requires.

mod answer;
mod conversation;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

pub use answer::Answer;

use crate::harness::{listener::Listener, ports::free_address};
use tokio::{net::TcpSocket, runtime::Builder};

/// The port of the server that is started by hand: rarely taken.
pub const PORT: u16 = 18_080;

/// A queue of connections is full when no further connection succeeds within this time.
const QUEUE_LIMIT: Duration = Duration::from_millis(100);

/// The most connections made to fill a queue that ought to hold one.
const MOST_WAITING: usize = 8;

/// The bytes received on each connection, as text.
type Received = Arc<Mutex<Vec<String>>>;

/// Answers until it is dropped.
pub struct FakeServer {
    port: u16,
    received: Received,
    _socket: Socket,
}

/// What holds the port.
enum Socket {
    Answers {
        _listener: Listener,
    },
    Deaf {
        _sockets: (TcpListener, Vec<TcpStream>),
    },
    Closed,
}

impl FakeServer {
    /// Answers on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When there is none.
    pub fn start(answer: Answer) -> anyhow::Result<FakeServer> {
        let address = match answer {
            // From a range in which no other program gets a port in the meantime.
            Answer::Closed => free_address()?,
            _ => SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        };
        Ok(FakeServer::start_on(address, answer, |_| {})?)
    }

    /// Answers on this address; `heard` is called with each request.
    ///
    /// # Errors
    /// When the address cannot be had.
    pub fn start_on(
        address: SocketAddr,
        answer: Answer,
        heard: impl Fn(&str) + Send + Sync + 'static,
    ) -> io::Result<FakeServer> {
        let received = Received::default();
        let (port, socket) = match answer {
            Answer::Closed => (address.port(), Socket::Closed),
            Answer::Deaf => {
                let listener = with_short_queue(address)?;
                let port = listener.local_addr()?.port();
                let waiting = fill(listener.local_addr()?);
                (
                    port,
                    Socket::Deaf {
                        _sockets: (listener, waiting),
                    },
                )
            }
            _ => {
                let listener = TcpListener::bind(address)?;
                let port = listener.local_addr()?.port();
                let received = Arc::clone(&received);
                let serve = move |stream| {
                    let number = {
                        let mut received = lock(&received);
                        received.push(String::new());
                        received.len() - 1
                    };
                    let note = |text: &str| lock(&received)[number].push_str(text);
                    // The client may hang up at any time.
                    let _ = conversation::hold(stream, answer, note, &heard);
                };
                (
                    port,
                    Socket::Answers {
                        _listener: Listener::on(listener, serve)?,
                    },
                )
            }
        };
        Ok(FakeServer {
            port,
            received,
            _socket: socket,
        })
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// What each connection has sent so far.
    pub fn received(&self) -> Vec<String> {
        lock(&self.received).clone()
    }
}

/// Listens, with room for one connection that is not accepted.
fn with_short_queue(address: SocketAddr) -> io::Result<TcpListener> {
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let _entered = runtime.enter();
    let socket = TcpSocket::new_v4()?;
    socket.bind(address)?;
    socket.listen(0)?.into_std()
}

/// Connects until no connection is made any more.
fn fill(address: SocketAddr) -> Vec<TcpStream> {
    let connect = || TcpStream::connect_timeout(&address, QUEUE_LIMIT).ok();
    std::iter::from_fn(connect).take(MOST_WAITING).collect()
}

fn lock(received: &Mutex<Vec<String>>) -> MutexGuard<'_, Vec<String>> {
    received.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::harness::raw_http::Connection;

    const LONG: Duration = Duration::from_secs(5);

    fn ask(answer: Answer, request: &str) -> u16 {
        let server = FakeServer::start(answer).unwrap();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, server.port()));
        let mut connection = Connection::open(address, LONG).unwrap();
        connection.send(request.as_bytes()).unwrap();
        let status = connection.answer().unwrap().status;
        assert_eq!(server.received(), [request]);
        status
    }

    #[test]
    fn it_answers_as_a_server_does() {
        let request = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
        assert_eq!(ask(Answer::Status(503), request), 503);
        assert_eq!(ask(Answer::Pieces, request), 200);
        assert_eq!(ask(Answer::Status(200), "GET / HTTP/1.0\r\n\r\n"), 404);
        assert_eq!(
            ask(Answer::Status(200), "GET /health HTTP/1.1\r\n\r\n"),
            400
        );
    }

    #[test]
    fn a_deaf_server_keeps_a_client_waiting() {
        let server = FakeServer::start(Answer::Deaf).unwrap();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, server.port()));
        let start = Instant::now();
        assert!(TcpStream::connect_timeout(&address, QUEUE_LIMIT).is_err());
        assert!(start.elapsed() >= QUEUE_LIMIT);
    }
}
