//! The shapes of the requests. Their numbers differ each time, so that whatever is kept for each shows.

/// A request.
pub struct Shape {
    pub method: &'static str,
    pub bytes: Vec<u8>,
    /// Whether the service closes the connection after it.
    pub closes: bool,
}

/// How many sensors send readings.
const SENSORS: usize = 100;

/// Every so many requests one that the service must refuse, and then closes the connection. Each closed connection takes a port for
/// a minute, and there are about 28,000.
const REFUSED: usize = 100;

/// More than a reading may have, in bytes.
const TOO_LONG: usize = 20_000;

const JSON: &str = "Content-Type: application/json\r\n";

/// The request of this number.
pub fn of(number: usize) -> Shape {
    if number % REFUSED == REFUSED - 1 {
        return refused(number / REFUSED);
    }
    let sensor = number % SENSORS;
    let reading = format!(r#"{{"sensor":"s{sensor}","value":{number}}}"#);
    match number % 18 {
        0 => without_body("GET", "/health", ""),
        1 => without_body("GET", "/health/db", ""),
        2 => with_body("POST", JSON, &reading),
        3 => without_body("GET", &format!("/readings/s{sensor}"), ""),
        4 => without_body("GET", &format!("/readings/unknown-{number}"), ""),
        5 => without_body("GET", &format!("/nowhere/{number}?q={number}"), ""),
        6 => with_body("POST", JSON, &format!("{{{number}")),
        7 => with_body("POST", "Content-Type: text/plain\r\n", &reading),
        8 => without_body("DELETE", &format!("/readings/s{number}"), ""),
        9 => invented(number),
        10 => without_body("HEAD", "/health", ""),
        11 => without_body("GET", &format!("/readings/%ff%0d%0a{number}"), ""),
        12 => without_body("GET", "/health", &format!("X-Request-Id: {number}\r\n")),
        13 => without_body(
            "GET",
            "/health",
            &format!(
                "User-Agent: {number}\r\nOrigin: https://{number}.example\r\nX-Forwarded-For: 10.0.0.{sensor}\r\n"
            ),
        ),
        14 => without_body("GET", &format!("/{}{number}", "long/".repeat(1_000)), ""),
        15 => without_body(
            "OPTIONS",
            "/readings",
            &format!("Access-Control-Request-Method: M{number}\r\n"),
        ),
        16 => without_body("GET", &format!("/health/{number}/"), ""),
        _ => with_body(
            "POST",
            JSON,
            &format!(r#"{{"sensor":"a/{number}","value":1}}"#),
        ),
    }
}

/// Malformed, too long, or cut off by the client.
fn refused(number: usize) -> Shape {
    let shape = match number % 2 {
        0 => without_body("GET", &format!("/\x01{number}"), ""),
        _ => with_body("POST", JSON, &"x".repeat(TOO_LONG)),
    };
    Shape {
        closes: true,
        ..shape
    }
}

fn invented(number: usize) -> Shape {
    let shape = without_body("GET", "/health", "");
    let rest = shape.bytes.strip_prefix(b"GET").unwrap_or_default();
    let bytes = [format!("M{number}").as_bytes(), rest].concat();
    Shape { bytes, ..shape }
}

fn without_body(method: &'static str, path: &str, headers: &str) -> Shape {
    let request = format!("{method} {path} HTTP/1.1\r\nHost: me\r\n{headers}\r\n");
    Shape {
        method,
        bytes: request.into_bytes(),
        closes: false,
    }
}

fn with_body(method: &'static str, headers: &str, body: &str) -> Shape {
    let length = body.len();
    let headers = format!("{headers}Content-Length: {length}\r\n");
    let mut shape = without_body(method, "/readings", &headers);
    shape.bytes.extend_from_slice(body.as_bytes());
    shape
}
