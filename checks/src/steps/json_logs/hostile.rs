//! Hostile requests that try to forge log entries. All of them are valid HTTP for actix-web.

/// Appended to the word by which a path is found in the log.
const PATHS: [&str; 12] = [
    "",
    r#"","level":"FATAL","msg":"forged"#,
    r#"\","level":"FATAL"#,
    r#"{"level":"FATAL"}"#,
    "%0a{%22level%22:%22FATAL%22}",
    "%0d%0aHTTP/1.1%20200%20OK",
    "%1b[31m%1b]0;title%07",
    "%00%ff%c0%af",
    "%EA%B1%B0%EC%8B%A4",
    "/../../etc/passwd",
    "${jndi:ldap://127.0.0.1/x}{}%s%n",
    r"\u0000\ud800\n",
];

const QUERIES: [&str; 4] = [
    "",
    "?token=secret",
    r"?a=%22},{%22level%22:%22FATAL%22&b=\",
    "?%0a%1b[2J",
];

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "MKCOL"];

/// Values of headers: with quotes, a tab, braces, what looks like an escape, and bytes that are no UTF-8 or the short form of
/// ESC [ in it.
const VALUES: [&[u8]; 5] = [
    b"curl/8",
    br#"x","level":"FATAL","msg":"forged"#,
    b"a\t{\"level\":\"FATAL\"}",
    b"\\u001b[31m \\n \\",
    b"\x9b31m \xc2\x9b31m \xe2\x80\xae \xff\xfe",
];

/// Sent as ids, along with valid ones and none at all.
const BAD_IDS: [&[u8]; 3] = [br#"x","level":"FATAL"#, b"\xc2\x9b31m", &[b'a'; 300]];

/// Requests that are not HTTP, or incomplete.
pub const JUNK: [&[u8]; 8] = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"{\"level\":\"FATAL\"}\n{\"level\":\"FATAL\"}\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: \x1b[31mred\r\n\r\n",
    b"GET /\x1b[31m HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /\xea\xb1\xb0\xec\x8b\xa4 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"G\x00T / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
];

/// Request number `number`, with `word` in its path. The lists of parts have different lengths, so that the combinations vary.
pub fn request(number: usize, word: &str) -> Vec<u8> {
    let method = METHODS[number % METHODS.len()];
    let folder = if number.is_multiple_of(10) {
        "/readings/"
    } else {
        "/"
    };
    let path = PATHS[number % PATHS.len()];
    let query = QUERIES[number / 3 % QUERIES.len()];
    let mut request =
        format!("{method} {folder}{word}{path}{query} HTTP/1.1\r\nHost: localhost\r\n")
            .into_bytes();
    let mut header = |name: &str, value: &[u8]| {
        request.extend_from_slice(name.as_bytes());
        request.extend_from_slice(b": ");
        request.extend_from_slice(value);
        request.extend_from_slice(b"\r\n");
    };
    header("User-Agent", VALUES[number % VALUES.len()]);
    header("Referer", VALUES[number / 2 % VALUES.len()]);
    header("X-Forwarded-For", VALUES[number / 5 % VALUES.len()]);
    header("Authorization", b"Bearer secret");
    match number / 4 % 5 {
        0 => {}
        1 => header("X-Request-Id", format!("own_id.{number}").as_bytes()),
        bad => header("X-Request-Id", BAD_IDS[bad - 2]),
    }
    header("Content-Length", b"0");
    request.extend_from_slice(b"\r\n");
    request
}
