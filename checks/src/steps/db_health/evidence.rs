//! What must hold for everything that came back, whatever it was about: the form of each answer, and that nothing is given away.

mod secrets;

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
        program::{Heard, Program},
        text::printable,
    },
    steps::question::Question,
};

pub use secrets::Login;
use secrets::Secret;

/// The failures, by check, whether a plain request leads to them, status and commands: sorted, so that which one is first does not depend on timing.
#[derive(Default)]
pub struct Evidence(BTreeMap<(&'static str, bool, u16, String), Failure>);

/// A program, how it was started, and the database behind it.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    pub program: &'a Program,
    pub launch: &'a Launch,
    pub server: &'a FakePostgres,
}

impl<'a> Scene<'a> {
    /// `GET /health/db` while the database is in this state.
    pub fn question(&self, state: &State) -> Question<'a> {
        question(self.program, self.launch, state)
    }
}

impl Context<'_> {
    /// Judges all that was answered since the last time, while the database was in this state, and all that has been logged.
    /// `cause` is what the database said, if it said anything.
    pub fn collect(&self, scene: Scene, state: &State, cause: &str) {
        let question = scene.question(state);
        let with_url = scene.question(&with_url(state));
        let mut secrets = self.login.secrets(scene.server);
        secrets.extend(Secret::said(cause));
        secrets.extend(Secret::said(scene.server.word()));
        for heard in scene.program.heard() {
            if heard.path == PATH && heard.method == "GET" {
                self.judge_form(&question.of(&heard), &heard, state);
            }
            let question = with_url.of(&heard);
            let told = secrets
                .iter()
                .find_map(|secret| secret.told(&question, &heard.answer));
            let told = told.map(|failure| self.login.masked(failure));
            self.note(row::KEEPS_THE_CAUSE_PRIVATE, &heard, told);
            let shown = self.login.password_in(&question, &heard.answer);
            self.note(row::KEEPS_THE_PASSWORD_SECRET, &heard, shown);
        }
        scene.program.log.wait_for_quiet();
        let line = self
            .login
            .words()
            .iter()
            .find_map(|word| scene.program.log.find(word));
        if let Some(line) = line {
            let shown = format!("a line of the log:\n{}", printable(&line));
            let failure = self.login.shown(&with_url, &shown);
            let key = (
                row::KEEPS_THE_PASSWORD_SECRET.id,
                false,
                0,
                failure.how.clone(),
            );
            self.evidence().0.entry(key).or_insert(failure);
        }
    }

    fn judge_form(&self, question: &Question, heard: &Heard, state: &State) {
        let answer = &heard.answer;
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
            self.note(check, heard, says.err());
        }
        self.note(row::SAYS_JSON, heard, question.json(answer).err());
        let no_store = question.expect_no_store(answer);
        self.note(row::FORBIDS_CACHING, heard, no_store.err());
    }

    fn note(&self, check: &'static Check, heard: &Heard, failure: Option<Failure>) {
        if let Some(failure) = failure {
            let asked_specially = !heard.curl.is_empty();
            let key = (
                check.id,
                asked_specially,
                heard.answer.status,
                failure.how.clone(),
            );
            self.evidence().0.entry(key).or_insert(failure);
        }
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

/// Without a fault no printed command has a DATABASE_URL that could be shown. With this one a probe is answered with 200.
fn with_url(state: &State) -> State {
    match state {
        State::Up => State::Locked,
        state => state.clone(),
    }
}
