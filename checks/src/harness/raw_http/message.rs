//! HTTP heads and bodies. Heads are parsed by `httparse`, which actix-web uses as well.

use std::io::{self, BufRead, ErrorKind, Read};

use httparse::{EMPTY_HEADER, Status};

use super::headers::{Headers, find, kept};

/// The largest head that is accepted, or line between the chunks of a body, in bytes; and the most headers in a head.
const LARGEST_HEAD: u64 = 64 * 1024;
const MOST_HEADERS: usize = 64;

/// The largest body that is accepted, in bytes.
const LARGEST_BODY: usize = 16 * 1024 * 1024;

/// A response.
pub struct Reply {
    pub status: u16,
    headers: Headers,
    pub body: Vec<u8>,
}

/// A request that we receive.
pub struct Request {
    pub path: String,
    pub body: Vec<u8>,
}

impl Reply {
    /// The value of the last header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// All headers, in their order.
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// Reads the next response; `method` is that of the request.
    pub(super) fn read(stream: &mut impl BufRead, method: &str) -> io::Result<Reply> {
        let head = read_head(stream, |bytes| {
            let mut headers = [EMPTY_HEADER; MOST_HEADERS];
            let mut response = httparse::Response::new(&mut headers);
            let complete = response.parse(bytes)?.is_complete();
            let status = response.code.unwrap_or_default();
            Ok(complete.then(|| (status, kept(response.headers))))
        })?;
        let (status, headers) = head.ok_or(ErrorKind::UnexpectedEof)?;
        let body = if method == "HEAD" || status < 200 || status == 204 || status == 304 {
            Vec::new()
        } else {
            read_body(stream, &headers)?
        };
        Ok(Reply {
            status,
            headers,
            body,
        })
    }
}

impl Request {
    /// Reads the next request of a client. `None`: the client has closed the connection.
    pub(in crate::harness) fn read(caller: &mut impl BufRead) -> io::Result<Option<Request>> {
        let head = read_head(caller, |bytes| {
            let mut headers = [EMPTY_HEADER; MOST_HEADERS];
            let mut request = httparse::Request::new(&mut headers);
            let complete = request.parse(bytes)?.is_complete();
            let path = request.path.unwrap_or_default().to_owned();
            Ok(complete.then(|| (path, kept(request.headers))))
        })?;
        let Some((path, headers)) = head else {
            return Ok(None);
        };
        let body = read_body(caller, &headers)?;
        Ok(Some(Request { path, body }))
    }
}

/// Reads line by line until `parse` has a complete head. `None`: the other side closes before the first line.
fn read_head<T>(
    stream: &mut impl BufRead,
    parse: impl Fn(&[u8]) -> Result<Option<T>, httparse::Error>,
) -> io::Result<Option<T>> {
    let mut stream = stream.take(LARGEST_HEAD);
    let mut head = Vec::new();
    while stream.read_until(b'\n', &mut head)? > 0 {
        match parse(&head) {
            Ok(None) => {}
            Ok(read) => return Ok(read),
            Err(_) => return Err(not_http(&head)),
        }
    }
    if head.is_empty() {
        Ok(None)
    } else {
        Err(ErrorKind::UnexpectedEof.into())
    }
}

fn read_body(stream: &mut impl BufRead, headers: &Headers) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    let coding = find(headers, "transfer-encoding").unwrap_or_default();
    if !coding.to_ascii_lowercase().ends_with("chunked") {
        let length = find(headers, "content-length").unwrap_or("0");
        let length = length.parse().map_err(|_| not_http(length.as_bytes()))?;
        read_more(stream, length, &mut body)?;
        return Ok(body);
    }
    loop {
        let mut line = Vec::new();
        stream
            .by_ref()
            .take(LARGEST_HEAD)
            .read_until(b'\n', &mut line)?;
        let Ok(Status::Complete((_, size))) = httparse::parse_chunk_size(&line) else {
            return Err(not_http(&line));
        };
        read_more(stream, size as usize, &mut body)?;
        let mut after = stream.by_ref().take(LARGEST_HEAD);
        after.read_until(b'\n', &mut Vec::new())?;
        if size == 0 {
            return Ok(body);
        }
    }
}

fn read_more(stream: &mut impl BufRead, length: usize, body: &mut Vec<u8>) -> io::Result<()> {
    let start = body.len();
    let end = start.saturating_add(length);
    if end > LARGEST_BODY {
        return Err(ErrorKind::FileTooLarge.into());
    }
    body.resize(end, 0);
    stream.read_exact(&mut body[start..])
}

fn not_http(bytes: &[u8]) -> io::Error {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().last().unwrap_or_default();
    io::Error::new(ErrorKind::InvalidData, format!("{line:?} is not HTTP"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_one_after_the_other() {
        let bytes = "HTTP/1.1 200 OK\r\nX-Request-ID: a\r\nContent-Length: 2\r\n\r\nok\
            HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nfor\r\n2\r\n 1\r\n0\r\n\r\n\
            HTTP/1.1 204 No Content\r\n\r\n";
        let mut stream = bytes.as_bytes();
        let mut next = || Reply::read(&mut stream, "GET").map_err(|error| error.kind());
        let first = next().unwrap();
        assert_eq!(
            (first.status, first.header("x-request-id")),
            (200, Some("a"))
        );
        assert_eq!(first.body, b"ok");
        assert_eq!(next().unwrap().body, b"for 1");
        assert_eq!(next().unwrap().status, 204);
        assert_eq!(next().err(), Some(ErrorKind::UnexpectedEof));
    }

    #[test]
    fn a_chunk_without_an_end_is_not_read_to_its_end() {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;";
        let endless = format!("{head}{}", "x".repeat(2 * LARGEST_HEAD as usize));
        let mut stream = endless.as_bytes();
        assert!(Reply::read(&mut stream, "GET").is_err());
        assert!(!stream.is_empty());
    }

    #[test]
    fn what_is_no_http_is_told_from_what_ends_too_soon() {
        let kind = |bytes: &str| {
            let reply = Reply::read(&mut bytes.as_bytes(), "GET");
            reply.err().map(|error| error.kind())
        };
        assert_eq!(kind("SSH-2.0\r\n"), Some(ErrorKind::InvalidData));
        assert_eq!(kind("HTTP/1.1 200 OK\r\n"), Some(ErrorKind::UnexpectedEof));
        let long = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok";
        assert_eq!(kind(long), Some(ErrorKind::UnexpectedEof));
        assert_eq!(
            kind("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"),
            Some(ErrorKind::InvalidData)
        );
    }
}
