//! The answer to `HEAD`.

use super::Question;
use crate::{
    check::Failure,
    harness::{
        http::{Answer, NoAnswer},
        text::varying,
    },
};

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

    /// The length in the answer to `HEAD` is that of the body which `GET` gets; it may differ a little, as a time in it does.
    fn expect_length_of_get(&self, get: &Answer, head: &Answer) -> Result<(), Failure> {
        if get.body.is_empty() || head.header("content-length").as_deref() != Some("0") {
            return Ok(());
        }
        let expected = format!(
            "content-length: {}, to HEAD as to GET",
            varying("length", get.body.len())
        );
        Err(self
            .failure(expected, format!("{head}\ncontent-length: 0"))
            .perhaps("the answer to HEAD is given an empty body; actix-web leaves out the body of any answer to HEAD by itself"))
    }
}
