//! What must hold for every answer and for the log, whatever the scenario: the form of each answer, and that no secret shows.

mod login;
mod secret;

use std::{
    collections::BTreeMap,
    sync::{MutexGuard, PoisonError},
};

use super::{Context, PATH, question, row};
use crate::{
    check::{Check, Failure},
    harness::{
        fake_postgres::{FakePostgres, State},
        launch::Launch,
        program::{Exchange, Program},
        text::printable,
    },
    steps::question::Question,
};

pub use login::Login;
use secret::Secret;

/// The failures so far. The key is the check, whether the request was a special one, the status and the commands, so that the first
/// failure of a check does not depend on timing.
#[derive(Default)]
pub struct Evidence(BTreeMap<(&'static str, bool, u16, String), Failure>);

/// A program, how it was started, and the database behind it.
#[derive(Clone, Copy)]
pub struct Setup<'a> {
    pub program: &'a Program,
    pub launch: &'a Launch,
    pub server: &'a FakePostgres,
}

impl<'a> Setup<'a> {
    /// `GET /health/db` while the database is in this state.
    pub fn question(&self, state: &State) -> Question<'a> {
        question(self.program, self.launch, state)
    }
}

impl Context<'_> {
    /// Judges all answers since the last call, given while the database was in this state, and the whole log. `cause` is what the
    /// database said, if it said anything.
    pub fn collect(&self, setup: Setup, state: &State, cause: &str) {
        let question = setup.question(state);
        let with_url = setup.question(&with_url(state));
        let up = setup.question(&State::Locked);
        let mut secrets = self.login.secrets(setup.server);
        secrets.extend(Secret::said(cause));
        secrets.extend(Secret::said(setup.server.word()));
        for exchange in setup.program.exchanges() {
            if exchange.path == PATH && exchange.method == "GET" {
                self.judge_form(&question.of(&exchange), &exchange, state);
            }
            // Any database that answers shows what stands in a 200.
            let question = match exchange.answer.status {
                200 => up.of(&exchange),
                _ => with_url.of(&exchange),
            };
            let told = secrets
                .iter()
                .find_map(|secret| secret.told(&question, &exchange.answer));
            let told = told.map(|failure| self.login.masked(failure));
            self.note(row::KEEPS_THE_CAUSE_PRIVATE, &exchange, told);
            let shown = self.login.password_in(&question, &exchange.answer);
            self.note(row::KEEPS_THE_PASSWORD_SECRET, &exchange, shown);
        }
        setup.program.log.wait_for_quiet();
        let mut pieces = self.login.pieces();
        let line = pieces.find_map(|piece| setup.program.log.find(piece));
        if let Some(line) = line {
            let shown = format!("a line of the log:\n{}", printable(&line));
            let failure = self.login.shown(&with_url, &shown);
            self.keep(row::KEEPS_THE_PASSWORD_SECRET, false, 0, failure);
        }
    }

    /// Judges what was answered where the database is the file of this name.
    pub fn collect_beside_file(&self, question: &Question, name: &str) {
        let secret = Secret::file(name);
        for exchange in question.program.exchanges() {
            // After what is told about a server: that may be a password.
            if let Some(failure) = secret.told(&question.of(&exchange), &exchange.answer) {
                let status = exchange.answer.status;
                self.keep(row::KEEPS_THE_CAUSE_PRIVATE, true, status, failure);
            }
        }
    }

    fn judge_form(&self, question: &Question, exchange: &Exchange, state: &State) {
        let answer = &exchange.answer;
        // An answer with the wrong status is judged by that.
        let says = match answer.status {
            200 if *state == State::Up => Some((row::SAYS_OK, "ok")),
            503 => Some((row::SAYS_DOWN, "down")),
            // actix-web's own, to a request that it could not read in time.
            408 => return,
            _ => None,
        };
        if let Some((check, word)) = says {
            let says = question.expect_json_field(answer, "db", word);
            self.note(check, exchange, says.err());
        }
        self.note(row::SAYS_JSON, exchange, question.json(answer).err());
        let no_store = question.expect_no_store(answer);
        self.note(row::FORBIDS_CACHING, exchange, no_store.err());
    }

    fn note(&self, check: &'static Check, exchange: &Exchange, failure: Option<Failure>) {
        if let Some(failure) = failure {
            let asked_specially = !exchange.curl.is_empty();
            self.keep(check, asked_specially, exchange.answer.status, failure);
        }
    }

    fn keep(&self, check: &'static Check, special: bool, status: u16, failure: Failure) {
        let key = (check.id, special, status, failure.how.clone());
        self.evidence().0.entry(key).or_insert(failure);
    }

    /// The first failure of `check`, if there is any.
    pub fn first_failure_of(&self, check: &Check) -> Result<(), Failure> {
        let mut evidence = self.evidence();
        let first = evidence.0.keys().find(|(of, ..)| *of == check.id).cloned();
        first
            .and_then(|key| evidence.0.remove(&key))
            .map_or(Ok(()), Err)
    }

    fn evidence(&self) -> MutexGuard<'_, Evidence> {
        self.evidence.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The state for a command that shows a secret. While the database is up, printed commands have no DATABASE_URL; with a locked one
/// they have, and probes are still answered with 200.
fn with_url(state: &State) -> State {
    match state {
        State::Up => State::Locked,
        state => state.clone(),
    }
}
