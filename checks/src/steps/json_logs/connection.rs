//! Bytes to the server, and its answers: what no client would send, and many requests at a time.

use std::{
    io::{self, BufRead, BufReader, ErrorKind, Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    time::Duration,
};

/// How long the server may say nothing: as long as an answer may take, and then some, because many wait in line.
const SILENCE: Duration = Duration::from_secs(10);

/// A connection that stays open.
pub struct Connection(BufReader<TcpStream>);

/// What matters of an answer.
pub struct Reply {
    pub status: u16,
    /// `X-Request-Id`
    pub id: Option<String>,
}

impl Connection {
    pub fn open(address: SocketAddr) -> io::Result<Connection> {
        let stream = TcpStream::connect_timeout(&address, SILENCE)?;
        stream.set_read_timeout(Some(SILENCE))?;
        stream.set_write_timeout(Some(SILENCE))?;
        stream.set_nodelay(true)?;
        Ok(Connection(BufReader::new(stream)))
    }

    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.get_mut().write_all(bytes)
    }

    /// The next answer, to its end.
    pub fn answer(&mut self) -> io::Result<Reply> {
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|word| word.parse().ok());
        let mut reply = Reply {
            status: status.ok_or_else(|| not_http(&first))?,
            id: None,
        };
        let mut length = 0;
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').ok_or_else(|| not_http(&line))?;
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse().map_err(|_| not_http(&line))?,
                "x-request-id" => reply.id = Some(value.trim().to_owned()),
                _ => {}
            }
        }
        io::copy(&mut self.0.by_ref().take(length), &mut io::sink())?;
        Ok(reply)
    }

    /// Whatever comes, until the other side closes.
    pub fn drain(mut self) {
        // It may as well have been reset. Nothing more is sent, so that nobody waits for it.
        let _ = self.0.get_ref().shutdown(Shutdown::Write);
        let _ = io::copy(&mut self.0, &mut io::sink());
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = Vec::new();
        if self.0.read_until(b'\n', &mut line)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
    }
}

fn not_http(line: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("{line:?} is not HTTP"))
}
