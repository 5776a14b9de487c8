//! What a caller may use up, and that nobody else notices.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use crate::running::{LIMIT, Service};

/// What the service allows a body, and how much later the last of the answers may come.
const BODY_TIME: Duration = Duration::from_secs(5);
const LATER: Duration = Duration::from_secs(3);

/// Half a body, as two kinds of clients would send it.
const HALVES: [&str; 2] = [
    "Content-Length: 37\r\n\r\n{\"sensor\":\"attic\",",
    "Transfer-Encoding: chunked\r\n\r\n12\r\n{\"sensor\":\"attic\",\r\n",
];

/// How many clients hang at a time, for each kind and path.
const HANGING: usize = 40;

fn connect(url: &str) -> TcpStream {
    let stream = TcpStream::connect(url.trim_start_matches("http://")).expect("it listens");
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream.set_write_timeout(Some(LIMIT)).unwrap();
    stream
}

fn send(url: &str, request: &str) -> TcpStream {
    let mut stream = connect(url);
    stream.write_all(request.as_bytes()).unwrap();
    stream
}

fn post(service: &Service, path: &str, rest: &str) -> TcpStream {
    let head = format!("POST {path} HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n");
    send(&service.url, &(head + rest))
}

/// All that comes until the service closes the connection.
fn until_closed(mut stream: TcpStream) -> io::Result<String> {
    let mut said = String::new();
    stream.read_to_string(&mut said)?;
    Ok(said)
}

#[test]
fn half_a_body_is_408_and_closed_and_others_are_answered_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path(), "");
    let started = Instant::now();
    let mut hanging = Vec::new();
    // Not only where a body is expected: actix-web also waits for the rest of one that nobody reads.
    for path in ["/readings", "/health", "/nowhere"] {
        for half in HALVES {
            hanging.extend((0..HANGING).map(|_| post(&service, path, half)));
        }
    }
    assert_eq!(service.get("/health").0, 200);
    let reading = r#"{"sensor":"attic","value":21.5}"#;
    assert_eq!(service.post("application/json", reading).0, 201);
    assert!(started.elapsed() < BODY_TIME, "they do not hang any more");
    for stream in hanging {
        let said = until_closed(stream).expect("the connection is closed");
        assert!(said.starts_with("HTTP/1.1 408 "), "{said}");
    }
    let took = started.elapsed();
    assert!(
        took >= BODY_TIME && took < BODY_TIME + LATER,
        "after {took:?}"
    );
}

#[test]
fn a_body_that_arrives_slowly_is_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path(), "");
    let body = r#"{"sensor":"attic","value":21.5}"#;
    let length = format!(
        "Connection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = post(&service, "/readings", &length);
    // A bad line: half of the time that is allowed, spread over all letters.
    let pause = BODY_TIME / 2 / body.len() as u32;
    for letter in body.bytes() {
        thread::sleep(pause);
        stream.write_all(&[letter]).unwrap();
    }
    let said = until_closed(stream).expect("the connection is closed");
    assert!(said.starts_with("HTTP/1.1 201 "), "{said}");
}

#[test]
fn a_body_that_is_too_long_is_413() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path(), "");
    let body = "x".repeat(100_000);
    let length = format!("Content-Length: {}\r\n\r\n{body}", body.len());
    let said = until_closed(post(&service, "/readings", &length)).expect("it is closed");
    assert!(said.starts_with("HTTP/1.1 413 "), "{said}");
}

#[test]
fn what_is_not_http_is_400_and_leaves_no_line() {
    const WRONG: [&str; 4] = [
        "\u{0}\u{1}\r\n\r\n",
        "GET /health HTTP/1.1\r\nBad header\r\n\r\n",
        "GET /ü HTTP/1.1\r\n\r\n",
        "POST /readings HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    ];
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path(), "");
    for wrong in WRONG {
        let said = until_closed(send(&service.url, wrong)).expect("the connection is closed");
        assert!(said.starts_with("HTTP/1.1 400 "), "{wrong:?}: {said}");
    }
    // A request is logged after all that was logged about those before it.
    assert_eq!(service.get("/readings/nobody").0, 404);
    let logged: Vec<String> = std::iter::from_fn(|| service.log.recv_timeout(LIMIT).ok())
        .take_while(|line| !line.contains("/readings/nobody"))
        .filter(|line| !line.contains("actix_server"))
        .collect();
    assert!(logged.is_empty(), "{logged:#?}");
}

/// Where the files that a process has open can be counted.
#[cfg(target_os = "linux")]
#[test]
fn no_more_connections_are_held_than_allowed() {
    const ALLOWED: usize = 512;
    const MORE: usize = 200;
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path(), "");
    let url = service.url.as_str();
    let files = format!("/proc/{}/fd", service.child.id());
    let open = || {
        let files = std::fs::read_dir(&files);
        files.expect("it runs").count()
    };
    // With the first answer its workers run, and its own files are open.
    assert_eq!(service.get("/health").0, 200);
    let before = open();
    // A multiple of the workers, rounded up; and some for the database, which may open another file meanwhile.
    let workers = thread::available_parallelism().unwrap().get();
    let most = before + ALLOWED + workers + 4;
    let mut seen = 0;
    let said = thread::scope(|scope| {
        let asked = scope.spawn(|| {
            let _idle: Vec<TcpStream> = (0..ALLOWED + MORE).map(|_| connect(url)).collect();
            // It waits for its turn until the others, which say nothing, are sent away.
            let health = "GET /health HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";
            until_closed(send(url, health))
        });
        while !asked.is_finished() {
            seen = seen.max(open());
            thread::yield_now();
        }
        asked.join().expect("an answer")
    });
    let said = said.expect("the connection is closed");
    assert!(said.starts_with("HTTP/1.1 200 "), "{said}");
    assert!(seen <= most, "{seen} files are open");
}
