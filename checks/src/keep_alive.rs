//! Many requests over one connection, written byte for byte: a client library would tidy up what a stranger sends.

use std::{
    io::{self, BufRead, BufReader, ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// The largest body that is read, in bytes.
const LARGEST: usize = 16 * 1024 * 1024;

/// A connection that stays open.
pub struct KeepAlive {
    stream: BufReader<TcpStream>,
    host: SocketAddr,
}

impl KeepAlive {
    /// Connects. `limit` is for each single wait on the connection.
    ///
    /// # Errors
    /// When nobody listens.
    pub fn open(address: SocketAddr, limit: Duration) -> io::Result<KeepAlive> {
        let stream = TcpStream::connect_timeout(&address, limit)?;
        stream.set_read_timeout(Some(limit))?;
        stream.set_write_timeout(Some(limit))?;
        stream.set_nodelay(true)?;
        Ok(KeepAlive {
            stream: BufReader::new(stream),
            host: address,
        })
    }

    /// Sends a request without a body, with these more lines of header, each with its line break, and reads the answer: its status
    /// and body.
    ///
    /// # Errors
    /// When the answer does not come, or is not HTTP.
    pub fn ask(&mut self, method: &str, path: &str, headers: &str) -> io::Result<(u16, Vec<u8>)> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n",
            self.host
        );
        self.stream.get_mut().write_all(request.as_bytes())?;

        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|word| word.parse().ok());
        let status = status.ok_or(ErrorKind::InvalidData)?;
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line()?.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(given) = line.strip_prefix("content-length:") {
                length = given.trim().parse().map_err(io::Error::other)?;
            }
            chunked |= line.starts_with("transfer-encoding:") && line.ends_with("chunked");
        }
        if method == "HEAD" || status == 204 || status == 304 {
            return Ok((status, Vec::new()));
        }
        let mut body = Vec::new();
        if !chunked {
            self.read(length, &mut body)?;
            return Ok((status, body));
        }
        loop {
            let size = self.line()?;
            let size = usize::from_str_radix(size.trim(), 16).map_err(io::Error::other)?;
            self.read(size, &mut body)?;
            self.line()?;
            if size == 0 {
                return Ok((status, body));
            }
        }
    }

    /// One line of the head, without its end.
    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }

    fn read(&mut self, length: usize, body: &mut Vec<u8>) -> io::Result<()> {
        let start = body.len();
        if start + length > LARGEST {
            return Err(ErrorKind::InvalidData.into());
        }
        body.resize(start + length, 0);
        self.stream.read_exact(&mut body[start..])
    }
}
