//! Sends HTTP requests to the learner's service, and keeps the answers unchanged.

use std::{
    fmt,
    io::{ErrorKind, Read},
    time::{Duration, Instant},
};

use ureq::{
    Agent, Body,
    http::{Request, Response},
};

use crate::harness::text::printable;

/// The time limit for an answer of the learner's service: what step 2 promises, and plenty for everything else.
pub const ANSWER_LIMIT: Duration = Duration::from_secs(2);

/// The most bytes of a body that are read: few, as the answers of a hundred callers are kept; more of `/metrics` and of Prometheus.
const LARGEST_BODY: u64 = 128 * 1024;
const LARGEST_METRICS: u64 = 8 * 1024 * 1024;

/// What curl calls itself: the printed commands send the same request.
pub const USER_AGENT: &str = "curl/8.14.1";

/// The headers that the lessons mention.
const SHOWN_HEADERS: [&str; 3] = ["content-type", "cache-control", "location"];

/// An HTTP answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// Names are lower-case.
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// The time from before connecting until the last byte.
    pub took: Duration,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// The connection was refused.
    Refused,
    /// The connection was closed before an answer was complete.
    Dropped,
    /// No answer, or an incomplete one, within this time.
    TooSlow(Duration),
    /// Bytes came, but they were not HTTP.
    NotHttp(String),
}

/// Sends `GET` or `HEAD` for `url` over a new connection, to be answered within `limit`.
pub fn ask(method: &str, url: &str, limit: Duration) -> Result<Answer, NoAnswer> {
    send(method, url, &[], "", limit)
}

/// Sends `GET` for `url` with these query parameters over a new connection, to be answered within `limit`.
pub fn query(url: &str, parameters: &[(&str, &str)], limit: Duration) -> Result<Answer, NoAnswer> {
    let asked = Instant::now();
    let parameters = parameters.iter().copied();
    let response = agent(limit).get(url).query_pairs(parameters).call();
    response
        .and_then(|response| read(response, asked, LARGEST_METRICS))
        .map_err(|error| no_answer(error, limit))
}

/// Sends any request over a new connection, with these headers and this body, to be answered within `limit`.
pub fn send(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &str,
    limit: Duration,
) -> Result<Answer, NoAnswer> {
    let largest = if url.ends_with("/metrics") {
        LARGEST_METRICS
    } else {
        LARGEST_BODY
    };
    let agent = agent(limit);
    let asked = Instant::now();
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = if body.is_empty() {
        request.body(()).map(|request| agent.run(request))
    } else {
        request.body(body).map(|request| agent.run(request))
    };
    response
        .map_err(ureq::Error::from)
        .flatten()
        .and_then(|response| read(response, asked, largest))
        .map_err(|error| no_answer(error, limit))
}

fn agent(limit: Duration) -> Agent {
    Agent::config_builder()
        .timeout_global(Some(limit))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .max_idle_connections(0)
        .proxy(None)
        .user_agent(USER_AGENT)
        .allow_non_standard_methods(true)
        .build()
        .into()
}

fn read(response: Response<Body>, asked: Instant, largest: u64) -> Result<Answer, ureq::Error> {
    let (head, body) = response.into_parts();
    let mut bytes = Vec::new();
    body.into_reader().take(largest).read_to_end(&mut bytes)?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers = head.headers.iter();
    Ok(Answer {
        status: head.status.as_u16(),
        headers: headers
            .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
            .collect(),
        body: text(&bytes),
        took: asked.elapsed(),
    })
}

fn no_answer(error: ureq::Error, limit: Duration) -> NoAnswer {
    match error {
        ureq::Error::Timeout(_) => NoAnswer::TooSlow(limit),
        ureq::Error::Io(error) => match error.kind() {
            ErrorKind::ConnectionRefused => NoAnswer::Refused,
            // A timeout while the body is read arrives wrapped in an I/O error.
            ErrorKind::TimedOut | ErrorKind::WouldBlock => NoAnswer::TooSlow(limit),
            ErrorKind::Other | ErrorKind::InvalidData => NoAnswer::NotHttp(error.to_string()),
            _ => NoAnswer::Dropped,
        },
        other => NoAnswer::NotHttp(other.to_string()),
    }
}

impl Answer {
    /// The values of all headers with this name (in lower case), joined with commas as HTTP joins them.
    pub fn header(&self, name: &str) -> Option<String> {
        let values: Vec<&str> = self
            .headers
            .iter()
            .filter(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
            .collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// The answer as messages show it, if `secret` is in its body or in a header; with that header.
    pub fn showing(&self, secret: &str) -> Option<String> {
        let header = self
            .headers
            .iter()
            .find(|(_, value)| value.contains(secret));
        match header {
            Some((name, _)) if SHOWN_HEADERS.contains(&name.as_str()) => Some(self.to_string()),
            Some((name, value)) => Some(format!("{self}\n{name}: {}", printable(value))),
            None => self.body.contains(secret).then(|| self.to_string()),
        }
    }
}

/// The status line, the relevant headers and the body, without anything that a terminal would interpret.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", status_line(self.status))?;
        for name in SHOWN_HEADERS {
            if let Some(value) = self.header(name) {
                write!(f, "\n{name}: {}", printable(&value))?;
            }
        }
        if self.body.is_empty() {
            write!(f, "\n(no body)")
        } else {
            write!(f, "\n{}", printable(&self.body))
        }
    }
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoAnswer::Refused => write!(f, "no answer: nobody listens on this port any more"),
            NoAnswer::Dropped => write!(f, "no answer: the connection was closed instead"),
            NoAnswer::TooSlow(limit) => write!(f, "no answer within {limit:?}"),
            NoAnswer::NotHttp(why) => write!(f, "an answer that is not HTTP: {}", printable(why)),
        }
    }
}

/// `503 Service Unavailable`
pub fn status_line(status: u16) -> String {
    ureq::http::StatusCode::from_u16(status).map_or(status.to_string(), |status| status.to_string())
}
