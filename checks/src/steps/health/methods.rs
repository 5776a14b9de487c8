//! What is no `GET` and no `HEAD` is refused.

use super::PATH;
use crate::{
    check::Failure,
    harness::http::{ANSWER_LIMIT, Answer, status_line},
    steps::question::Question,
};

/// What a form, a script or a browser sends.
const OTHERS: [&str; 5] = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

const TAKES_IT: &str =
    "a route of yours takes this method, too: `web::get()` and `web::head()` take one each";
const OWN_ANSWER: &str = "the 405 is an answer of your own: a resource writes this header by itself, from the routes that it has";

pub fn are_refused(question: &Question) -> Result<(), Failure> {
    OTHERS
        .iter()
        .try_for_each(|method| is_refused(question, method))
}

/// A resource answers 405 and names its methods. With actix-web's attribute macros the whole resource asks for the method: there it
/// is a 404.
fn is_refused(question: &Question, method: &str) -> Result<(), Failure> {
    let question = Question {
        method,
        how: question
            .how
            .replace("curl -i", &format!("curl -i -X {method}")),
        ..*question
    };
    let answer = question.program.ask(method, PATH, ANSWER_LIMIT);
    if matches!(&answer, Ok(answer) if answer.status == 404) {
        return Ok(());
    }
    let taken = matches!(&answer, Ok(answer) if answer.status < 400);
    let answer = question.status(405, answer).map_err(|failure| Failure {
        perhaps: taken.then(|| TAKES_IT.to_owned()).or(failure.perhaps),
        ..failure
    })?;
    names_get(&question, &answer)
}

fn names_get(question: &Question, answer: &Answer) -> Result<(), Failure> {
    let allowed = answer.header("allow").unwrap_or_default();
    if allowed.split(',').any(|method| method.trim() == "GET") {
        return Ok(());
    }
    let expected = format!(
        "{}, {} {PATH}, and an `allow` header that names GET",
        status_line(405),
        question.method
    );
    Err(question
        .failure(expected, answer.to_string())
        .perhaps(OWN_ANSWER))
}
