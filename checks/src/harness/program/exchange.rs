//! What a program has answered, kept for the expectations that concern all of it.

use std::sync::{Mutex, PoisonError};

use crate::harness::http::{Answer, NoAnswer};

/// The most answers that are kept, and the longest body: a page of metrics is judged where it is read.
const KEPT: usize = 1_000;
const LONGEST: usize = 64 * 1024;

/// An answer, and the request that it belongs to.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// `GET` or `HEAD`.
    pub method: String,
    pub path: String,
    /// What curl needs to send the same request: nothing, if the request was a plain one.
    pub curl: String,
    pub answer: Answer,
}

/// All that has been answered since it was last taken.
#[derive(Debug, Default)]
pub struct Exchanges(Mutex<Vec<Exchange>>);

impl Exchanges {
    pub fn keep(&self, method: &str, path: &str, curl: &str, answer: &Result<Answer, NoAnswer>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Ok(answer) = answer else { return };
        if kept.len() < KEPT && answer.body.len() <= LONGEST {
            kept.push(Exchange {
                method: method.to_owned(),
                path: path.to_owned(),
                curl: curl.to_owned(),
                answer: answer.clone(),
            });
        }
    }

    pub fn take(&self) -> Vec<Exchange> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
