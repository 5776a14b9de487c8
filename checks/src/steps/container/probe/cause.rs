//! What a probe did wrong, as far as its exit code and its request show it.

use super::case::Ended;
use crate::harness::{
    fake_server::Answer,
    text::{printable, varying},
};

/// What the stub prints.
const STUB: &str = "healthcheck is not written yet";

/// The exit code of a program that panicked.
const PANICKED: i32 = 101;

/// Whether the learner has not begun.
fn is_stub(ended: &Ended) -> bool {
    ended.stderr.trim() == STUB
}

/// What the server received, where it is not the request for `/health`.
pub fn strange_request(ended: &Ended) -> Option<String> {
    if is_stub(ended) || matches!(ended.case.answer, Answer::Closed | Answer::Deaf) {
        return None;
    }
    let Some(request) = ended.received.iter().find(|text| !text.is_empty()) else {
        let port = varying("port", ended.port);
        return Some(match ended.received.first() {
            None => format!("no connection on its port, {port}"),
            Some(_) => "a connection, and no request".to_owned(),
        });
    };
    let whole = request.contains("\r\n\r\n") || request.contains("\n\n");
    let old = request.lines().next().unwrap_or_default().ends_with("/1.0");
    let host = request.to_ascii_lowercase().contains("\nhost:");
    let asks = request.starts_with("GET /health ") || request.starts_with("HEAD /health ");
    let good = whole && asks && (old || host);
    (!good).then(|| format!("this request:\n{}", printable(&format!("{request:?}"))))
}

/// The likely cause of an exit code other than `wanted`.
pub fn of(wanted: i32, ended: &Ended, others: &[Ended]) -> Option<&'static str> {
    let answer = ended.case.answer;
    if is_stub(ended) {
        return Some("this is the stub's answer: src/healthcheck.rs is waiting for you");
    }
    if ended.stderr.contains("cannot listen") {
        return Some("the server starts before healthcheck::answer_if_asked is called in main.rs");
    }
    match ended.code {
        Some(PANICKED) => Some("the probe panics, and a panic ends a program with 101"),
        Some(2) => Some("Docker reserves exit code 2: everything but healthy is 1"),
        Some(code) if code != 0 && code != 1 => {
            Some("Docker knows two exit codes of a probe: 0 for healthy, 1 for everything else")
        }
        None => Some(endless(ended)),
        Some(_) if wanted == 0 => unwell(ended),
        Some(_) => Some(match answer {
            Answer::Status(200..=299) => "every 2xx is taken for a 200",
            Answer::Status(300..=399) => "every status below 400 is taken for a 200, as by curl -f",
            Answer::Status(_) if is_well(others, Answer::Nothing) => {
                "nothing that comes back is looked at"
            }
            Answer::Status(_) => {
                "more than the status line is looked at: the headers contain 200, and the body \"ok\""
            }
            Answer::Silent | Answer::Deaf => "a server that does not answer counts as healthy",
            Answer::Closed => "a connection that is refused counts as healthy",
            _ => "what could not be read counts as healthy",
        }),
    }
}

/// Whether the probe exited with 0 where the server answers like this.
fn is_well(others: &[Ended], answer: Answer) -> bool {
    let mut others = others.iter();
    others.any(|other| other.case.answer == answer && other.code == Some(0))
}

/// Why it never ended.
fn endless(ended: &Ended) -> &'static str {
    match ended.case.answer {
        Answer::Deaf => "connecting has no time limit, or a longer one than 2 s",
        Answer::Silent => "reading has no time limit, or a longer one than 2 s",
        _ if ended.received.iter().all(|text| !text.contains("\r\n\r\n")) => {
            "the server waits for the rest of the request: an empty line ends it"
        }
        _ => "it waits for more than the status line, on a connection that the server keeps open",
    }
}

/// Why it exited with 1 beside a healthy server.
fn unwell(ended: &Ended) -> Option<&'static str> {
    let Some(request) = ended.received.iter().find(|text| !text.is_empty()) else {
        return Some(if ended.received.is_empty() && names_a_proxy(ended) {
            "it asks the proxy that HTTP_PROXY names; the server beside it needs none"
        } else if ended.received.is_empty() {
            "it asks on another port or address: PORT says which, HOST does not matter"
        } else {
            "the request is not written, or stays in a buffer"
        });
    };
    let request = request.to_ascii_lowercase();
    if !request.contains("\r\n\r\n") && !request.contains("\n\n") {
        Some("the server waits for the rest of the request: an empty line ends it")
    } else if request
        .split(' ')
        .nth(1)
        .is_none_or(|path| !path.starts_with("/health"))
    {
        Some("it asks for another path than /health")
    } else if request.starts_with("get /health/db") {
        Some("it asks for the database: while that is gone, a new container would help nobody")
    } else if request.contains("http/1.1\r\n") && !request.contains("\nhost:") {
        Some("HTTP/1.1 demands a Host header; without one the answer is 400 Bad Request")
    } else if !request.contains("\nconnection: close") && request.contains("http/1.1\r\n") {
        Some(
            "it reads to the end of a connection that the server keeps open: only `Connection: close` ends it",
        )
    } else {
        match ended.case.answer {
            Answer::Degraded => Some("the body is read: only the status line counts"),
            Answer::Pieces => Some("one read need not return the whole line"),
            Answer::Slow => Some("it gives up before 2 s are over"),
            _ if ended.stderr.trim().is_empty() => {
                Some("0 and 1 are swapped: as everywhere, exit code 0 means that all is well")
            }
            _ => None,
        }
    }
}

/// Whether this case has a proxy in its environment.
fn names_a_proxy(ended: &Ended) -> bool {
    let mut settings = ended.case.launch.settings.iter();
    settings.any(|(name, _)| *name == "HTTP_PROXY")
}
