//! What the callers send.

pub struct Attack {
    pub name: &'static str,
    pub callers: usize,
    /// What each sends first, and what it does after that.
    pub first: Vec<u8>,
    pub then: Then,
}

pub enum Then {
    Nothing,
    /// Byte by byte, forever.
    Slowly,
    /// The same again, so many times.
    Again(usize),
    /// The same again, for as long as it can be sent. What comes back is not read.
    Deaf,
}

pub fn all() -> Vec<Attack> {
    let json = "Host: me\r\nContent-Type: application/json\r\n";
    let post = |rest: &str| format!("POST /readings HTTP/1.1\r\n{json}{rest}").into_bytes();
    let get = |rest: &str| format!("GET /health HTTP/1.1\r\nHost: me\r\n{rest}").into_bytes();
    let attack = |name, callers, first: Vec<u8>, then| Attack {
        name,
        callers,
        first,
        then,
    };
    let filler = "a".repeat(1000);
    let large = format!("X-Filler: {filler}\r\n").repeat(90);
    let many = "X: y\r\n".repeat(100);
    let mut megabyte = post("Content-Length: 1000000000\r\n\r\n");
    megabyte.resize(1_000_000, b'x');
    vec![
        attack(
            "malformed HTTP",
            1000,
            b"\x00\x01\xff\r\n\r\n".to_vec(),
            Then::Nothing,
        ),
        attack(
            "invalid UTF-8 in the path",
            1000,
            b"GET /\xff\xfe HTTP/1.1\r\n\r\n".to_vec(),
            Then::Nothing,
        ),
        attack(
            "invalid UTF-8 in the body",
            1000,
            post("Connection: close\r\nContent-Length: 2\r\n\r\n")
                .into_iter()
                .chain(*b"\xff\xfe")
                .collect(),
            Then::Nothing,
        ),
        attack(
            "a path of 70 kB",
            500,
            format!("GET /{} HTTP/1.1\r\n\r\n", filler.repeat(70)).into_bytes(),
            Then::Nothing,
        ),
        attack("100 headers", 1000, get(&(many + "\r\n")), Then::Nothing),
        attack("headers without end", 500, get(""), Then::Again(200)),
        attack(
            "90 kB of headers, and no end",
            500,
            get(&large),
            Then::Nothing,
        ),
        attack("a head, byte by byte", 500, get("X: "), Then::Slowly),
        attack(
            "half a body",
            500,
            post("Content-Length: 37\r\n\r\n{\"sensor\""),
            Then::Nothing,
        ),
        attack(
            "half a body, chunked, that nobody wants",
            500,
            get("Transfer-Encoding: chunked\r\n\r\n5\r\n{\"sen\r\n"),
            Then::Nothing,
        ),
        attack(
            "a body, byte by byte",
            500,
            post("Content-Length: 1000\r\n\r\n"),
            Then::Slowly,
        ),
        attack("a body of 1 GB", 32, megabyte, Then::Again(1000)),
        attack(
            "1,000 requests at once",
            32,
            get("\r\n").repeat(1000),
            Then::Nothing,
        ),
        attack("nothing", 3000, Vec::new(), Then::Nothing),
        attack(
            "requests without end, and answers not read",
            32,
            b"GET /metrics HTTP/1.1\r\nHost: me\r\n\r\n".repeat(1000),
            Then::Deaf,
        ),
    ]
}
