//! Requests to a program that runs, each of which must be answered.

use super::service::{RunningService, curl};
use crate::{
    check::Failure,
    harness::http::{self, ANSWER_LIMIT, Answer, NoAnswer},
};

impl RunningService<'_> {
    /// Sends a request, which must be answered, with any status.
    pub fn ask(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Answer, Failure> {
        let url = self.program.url(target);
        self.answered(method, &curl(method, target, ""), || {
            http::send(method, &url, headers, body, ANSWER_LIMIT)
        })
    }

    /// The answer to a request, which a learner sends with `command`. It must be there.
    pub fn answered(
        &self,
        method: &str,
        command: &str,
        ask: impl Fn() -> Result<Answer, NoAnswer>,
    ) -> Result<Answer, Failure> {
        let log = &self.program.log;
        let mut before = log.count();
        let none = match ask() {
            Ok(answer) => return Ok(answer),
            Err(none) => none,
        };
        // Asked once more, for what is logged about this request alone: earlier ones may have been answered before they are logged.
        if ["GET", "HEAD"].contains(&method) {
            log.wait_for_quiet();
            let again = log.count();
            let fails = ask().is_err();
            log.wait_for_quiet();
            // Unless the program has ended.
            if fails && log.count() > again {
                before = again;
            }
        }
        Err(self.failure(
            command,
            "an answer".to_owned(),
            format!("{none}{}", log.tail_from(before)),
            "a middleware panicked or never goes on: the log may say where",
        ))
    }
}
