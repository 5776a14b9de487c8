//! The answer to `HEAD`.

use super::Question;
use crate::{
    check::Failure,
    harness::{
        http::{Answer, NoAnswer},
        text::varying,
    },
};

/// How often both are asked again before a difference of the lengths counts: the time that a query took has sometimes one digit more.
const AGAIN: usize = 6;

impl Question<'_> {
    /// Expects the answer to `HEAD` to equal `get`, apart from the body.
    pub fn expect_head_matches(
        &self,
        get: &Answer,
        head: Result<Answer, NoAnswer>,
    ) -> Result<(), Failure> {
        let head = self.status(get.status, head)?;
        let same = |failure: Failure| {
            Failure {
                expected: format!("{}, to HEAD as to GET", failure.expected),
                ..failure
            }
            .perhaps("HEAD has a handler of its own, which says something else")
        };
        if self.json(get).is_ok() {
            self.json(&head).map_err(same)?;
        }
        if self.expect_no_store(get).is_ok() {
            self.expect_no_store(&head).map_err(same)?;
        }
        self.expect_length_of_get(get, &head)
    }

    /// The length in the answer to `HEAD` is that of the body which `GET` gets; it may differ now and then, as a time in it does.
    fn expect_length_of_get(&self, get: &Answer, head: &Answer) -> Result<(), Failure> {
        let length = get.body.len().to_string();
        let announced = match head.header("content-length") {
            Some(announced) if !get.body.is_empty() && announced != length => announced,
            _ => return Ok(()),
        };
        let cause = if announced == "0" {
            "the answer to HEAD is given an empty body; actix-web leaves out the body of any answer to HEAD by itself"
        } else if self.lengths_stay(get, &announced) {
            "HEAD has a handler of its own, with another body; actix-web leaves out the body of any answer to HEAD by itself"
        } else {
            return Ok(());
        };
        let expected = format!(
            "content-length: {}, to HEAD as to GET",
            varying("length", length)
        );
        Err(self
            .failure(expected, format!("{head}\ncontent-length: {announced}"))
            .perhaps(cause))
    }

    /// Whether `GET` gets a body of the same length again and again, and `HEAD` is told the same other one.
    fn lengths_stay(&self, get: &Answer, announced: &str) -> bool {
        (0..AGAIN).all(|_| {
            let (get_again, head_again) =
                (self.program.get(self.path), self.program.head(self.path));
            get_again.is_ok_and(|it| it.status == get.status && it.body.len() == get.body.len())
                && head_again
                    .is_ok_and(|it| it.header("content-length").as_deref() == Some(announced))
        })
    }
}
