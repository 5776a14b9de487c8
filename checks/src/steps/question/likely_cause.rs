//! Likely causes of an unexpected status.

use crate::harness::http::Answer;

pub fn likely_cause(answer: &Answer, path: &str, expected: u16) -> Option<String> {
    let cause = match answer.status {
        501 => "this is the stub's answer: the step is waiting for you".to_owned(),
        404 => format!("no route leads to {path}"),
        405 => format!("{path} has a route, but not for this method"),
        500 => "the handler returned an error".to_owned(),
        200 if expected == 503 && answer.body.contains("503") => {
            "the status travels in the body instead of the status line".to_owned()
        }
        200 if expected == 503 => {
            "whoever reads only the status line believes that all is well".to_owned()
        }
        204 => "204 means: no body follows".to_owned(),
        300..400 => "whoever probes does not follow redirects".to_owned(),
        _ => return None,
    };
    Some(cause)
}
