//! Likely causes of an unexpected status.

use crate::harness::http::Answer;

/// Why the answer to a request with this method has another status than `expected`.
pub fn likely_cause(answer: &Answer, method: &str, path: &str, expected: u16) -> Option<String> {
    let cause = match answer.status {
        501 => "this is the stub's answer: the step is waiting for you".to_owned(),
        404 if method == "HEAD" => {
            "the route takes GET only: actix-web does not answer HEAD by itself".to_owned()
        }
        404 => format!("no route leads to {path}"),
        405 => format!("{path} has a route, but not for this method"),
        500 => "the handler returned an error".to_owned(),
        200 if expected == 503 && answer.body.contains("503") => {
            "the status travels in the body instead of the status line".to_owned()
        }
        200 if expected == 503 => {
            "a load balancer reads the status line only, and that says 200".to_owned()
        }
        204 => "204 means: no body follows".to_owned(),
        300..400 => "a probe does not follow redirects".to_owned(),
        _ => return None,
    };
    Some(cause)
}
