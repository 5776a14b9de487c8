//! What lies beside `/health` is not answered.

use super::PATH;
use crate::{
    check::Failure,
    harness::{http::status_line, random::random_word},
    steps::question::Question,
};

/// Other addresses that a probe may be set to.
const OTHERS: [&str; 13] = [
    "/",
    "/health/",
    "/Health",
    "/healthz",
    "/health/live",
    "/health/liveness",
    "/health/ready",
    "/live",
    "/livez",
    "/ready",
    "/readyz",
    "/ping",
    "/status",
];

pub fn are_404(question: &Question) -> Result<(), Failure> {
    is_404(question, &format!("/{}", random_word()))?;
    is_404(question, &format!("{PATH}/{}", random_word()))?;
    is_404(question, &format!("{PATH}{}", random_word()))?;
    OTHERS.iter().try_for_each(|path| is_404(question, path))
}

fn is_404(question: &Question, path: &str) -> Result<(), Failure> {
    let how = question.how.replace(PATH, path);
    let question = Question {
        program: question.program,
        method: "GET",
        path,
        how,
    };
    question
        .status(404, question.program.get(path))
        .map(drop)
        .map_err(|failure| Failure {
            perhaps: failure.perhaps.or(Some(format!(
                "a route that matches more than {PATH} answers here, instead of {}",
                status_line(404)
            ))),
            ..failure
        })
}
