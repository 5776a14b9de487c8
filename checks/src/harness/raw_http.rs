//! HTTP over a connection of our own: requests are sent byte for byte, whereas a client library would normalise them.

mod headers;
mod message;

pub use message::{Reply, Request};

use std::{
    io::{self, BufReader, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    time::Duration,
};

/// How long a server may be silent while many requests are queued: the time limit of one answer, and some more.
pub const QUEUE_LIMIT: Duration = Duration::from_secs(10);

/// A connection that stays open.
pub struct Connection {
    stream: BufReader<TcpStream>,
    host: SocketAddr,
}

impl Connection {
    /// Connects. `limit` applies to each read and write on the connection.
    ///
    /// # Errors
    /// When the connection is refused.
    pub fn open(address: SocketAddr, limit: Duration) -> io::Result<Connection> {
        let stream = TcpStream::connect_timeout(&address, limit)?;
        stream.set_read_timeout(Some(limit))?;
        stream.set_write_timeout(Some(limit))?;
        stream.set_nodelay(true)?;
        Ok(Connection {
            stream: BufReader::new(stream),
            host: address,
        })
    }

    /// Sends a request without a body and reads the answer. `headers` are further header lines, each with its line break.
    ///
    /// # Errors
    /// When no answer comes, or it is not HTTP.
    pub fn ask(&mut self, method: &str, path: &str, headers: &str) -> io::Result<Reply> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n",
            self.host
        );
        self.send(request.as_bytes())?;
        Reply::read(&mut self.stream, method)
    }

    /// Sends this JSON with `POST` and reads the answer.
    ///
    /// # Errors
    /// When no answer comes, or it is not HTTP.
    pub fn post(&mut self, path: &str, json: &str) -> io::Result<Reply> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{json}",
            self.host,
            json.len()
        );
        self.send(request.as_bytes())?;
        Reply::read(&mut self.stream, "POST")
    }

    /// Reads the next answer, to a request with this method.
    ///
    /// # Errors
    /// When no answer comes, or it is not HTTP.
    pub fn answer_to(&mut self, method: &str) -> io::Result<Reply> {
        Reply::read(&mut self.stream, method)
    }

    /// Sends exactly these bytes.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.get_mut().write_all(bytes)
    }

    /// Reads the next answer, including its body. Not for `HEAD`, whose answer announces a body that does not come.
    ///
    /// # Errors
    /// When no answer comes, or it is not HTTP.
    pub fn answer(&mut self) -> io::Result<Reply> {
        Reply::read(&mut self.stream, "GET")
    }

    /// Reads and discards everything until the other side closes.
    pub fn drain(mut self) {
        // The connection may have been reset already. Nothing more is sent, so that the server does not wait for another request.
        let _ = self.stream.get_ref().shutdown(Shutdown::Write);
        let _ = io::copy(&mut self.stream, &mut io::sink());
    }
}
