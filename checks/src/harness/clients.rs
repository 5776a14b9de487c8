//! The same request, as different clients write it: curl, an orchestrator, a load balancer, a browser, a hand-written program.

pub mod patient;

use std::{io, net::SocketAddr, time::Instant};

use super::{
    http::{ANSWER_LIMIT, Answer, NoAnswer, USER_AGENT},
    random::{random_word, shuffled},
    raw_http::Connection,
};

/// The number of headers of a client that sends many. actix-web accepts up to 96.
const MANY_HEADERS: usize = 60;

/// A placeholder in the headers for the address of the program.
const HERE: &str = "<here>";

/// How a client writes a request. Each differs from curl's plain one in one respect; values are drawn.
#[derive(Clone, Debug)]
pub struct Client {
    /// The arguments that make curl write the request like this.
    pub curl: String,
    /// `HTTP/1.1` or `HTTP/1.0`.
    version: &'static str,
    /// The header lines, each with its line break. A Host stands among them unless the client sends none.
    headers: String,
    /// What follows the path.
    query: String,
}

/// All clients, in a drawn order.
pub fn all() -> Vec<Client> {
    let word = &random_word();
    let plain = &format!("User-Agent: {USER_AGENT}\r\nAccept: */*\r\n");
    let mut clients = with_other_headers(word, plain);
    clients.extend(with_one_more_header(word, plain));
    clients.extend(with_other_request_lines(word, plain));
    clients.extend(with_other_names(word));
    shuffled(clients)
}

/// The client with these arguments of curl, and these headers besides the Host.
fn client(curl: &str, headers: &str) -> Client {
    Client {
        curl: curl.to_owned(),
        version: "HTTP/1.1",
        headers: format!("Host: {HERE}\r\n{headers}"),
        query: String::new(),
    }
}

/// No headers, many, in other letters, and with other wishes.
fn with_other_headers(word: &str, plain: &str) -> Vec<Client> {
    let many: String = (1..=MANY_HEADERS)
        .map(|number| format!("X-{number}: {word}\r\n"))
        .collect();
    let wishing_for = |accept: &str| {
        client(
            &format!("-H 'Accept: {accept}'"),
            &format!("User-Agent: curl\r\nAccept: {accept}\r\n"),
        )
    };
    vec![
        client("-H 'User-Agent:' -H 'Accept:'", ""),
        client(
            &format!("$(printf -- '-H X-%s:{word} ' $(seq {MANY_HEADERS}))"),
            &format!("{plain}{many}"),
        ),
        client(
            "-H 'accept: */*' -H 'user-agent: curl'",
            "ACCEPT: */*\r\nuser-agent: curl\r\n",
        ),
        wishing_for("text/html"),
        wishing_for("application/xml;q=0.9"),
        wishing_for("application/health+json"),
        // As Prometheus does, which takes plain text, too.
        wishing_for("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3"),
    ]
}

fn with_one_more_header(word: &str, plain: &str) -> Vec<Client> {
    let host = &format!("{word}.example");
    let headers = [
        ("Host", host.clone()),
        ("Content-Type", "text/plain".to_owned()),
        ("Accept-Language", "ko-KR, ko;q=0.9".to_owned()),
        ("Accept-Encoding", "gzip, br".to_owned()),
        ("X-Forwarded-For", "203.0.113.7, 10.0.0.1".to_owned()),
        ("X-Forwarded-Proto", "http".to_owned()),
        ("Via", format!("1.1 {host}")),
        ("Origin", format!("https://{host}")),
        ("Range", "bytes=0-3".to_owned()),
        ("X-Request-Id", word.to_owned()),
        ("Authorization", format!("Bearer {word}")),
        ("Cookie", format!("session={word}")),
        ("If-None-Match", "*".to_owned()),
        ("Connection", "close".to_owned()),
    ];
    let with = |(name, value): (&str, String)| {
        let headers = format!("{plain}{name}: {value}\r\n");
        let client = client(&format!("-H '{name}: {value}'"), &headers);
        match name {
            // Not the Host of the program as well.
            "Host" => Client { headers, ..client },
            _ => client,
        }
    };
    headers.map(with).into()
}

/// An older version of HTTP, and queries.
fn with_other_request_lines(word: &str, plain: &str) -> [Client; 3] {
    // How people ask for more than the usual answer, all ways at once.
    const MORE: &str = "verbose&debug=1&details=true&full&pretty";
    [
        Client {
            version: "HTTP/1.0",
            headers: plain.to_owned(),
            ..client("-0 -H 'Host:'", "")
        },
        Client {
            query: format!("?{word}=1"),
            ..client(&format!("-G -d {word}=1"), plain)
        },
        // A person who wants to know more.
        Client {
            query: format!("?{MORE}"),
            ..client(&format!("-G -d '{MORE}'"), plain)
        },
    ]
}

fn with_other_names(word: &str) -> [Client; 6] {
    let browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let [probe, balancer] = ["kube-probe/1.35", "ELB-HealthChecker/2.0"];
    let scraper = "Prometheus/3.5.0";
    // Bytes that are not ASCII are allowed there.
    let other = &format!("{word}/감시");
    [probe, balancer, scraper, word, browser, other].map(|agent| {
        let headers = format!("User-Agent: {agent}\r\nAccept: */*\r\n");
        client(&format!("-A '{agent}'"), &headers)
    })
}

impl Client {
    /// Sends the request over a connection of its own, to be answered within [`ANSWER_LIMIT`].
    pub fn ask(&self, address: SocketAddr, method: &str, path: &str) -> Result<Answer, NoAnswer> {
        let asked = Instant::now();
        let reply = || {
            let mut connection = Connection::open(address, ANSWER_LIMIT)?;
            let Client {
                version,
                headers,
                query,
                ..
            } = self;
            let headers = headers.replace(HERE, &address.to_string());
            let request = format!("{method} {path}{query} {version}\r\n{headers}\r\n");
            connection.send(request.as_bytes())?;
            connection.answer_to(method)
        };
        let reply = reply().map_err(no_answer)?;
        Ok(Answer {
            status: reply.status,
            headers: reply
                .headers()
                .iter()
                .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
                .collect(),
            body: String::from_utf8_lossy(&reply.body).into_owned(),
            took: asked.elapsed(),
        })
    }

    /// `curl -i -H 'Accept: text/html' http://127.0.0.1:8000/health`
    pub fn command(&self, method: &str, path: &str) -> String {
        command(&self.curl, method, path)
    }
}

/// The command with these arguments of curl. With none of them, it sends a plain request.
pub fn command(arguments: &str, method: &str, path: &str) -> String {
    let method = match method {
        "GET" => String::new(),
        "HEAD" => "--head ".to_owned(),
        other => format!("-X {other} "),
    };
    let space = if arguments.is_empty() { "" } else { " " };
    format!("curl -i {method}{arguments}{space}http://127.0.0.1:8000{path}")
}

fn no_answer(error: io::Error) -> NoAnswer {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => NoAnswer::Refused,
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => NoAnswer::TooSlow(ANSWER_LIMIT),
        io::ErrorKind::InvalidData => NoAnswer::NotHttp(error.to_string()),
        _ => NoAnswer::Dropped,
    }
}
