//! What may have told too much: what callers were answered, and what was logged.

use std::{
    collections::BTreeMap,
    sync::{MutexGuard, PoisonError},
};

use super::{PATH, Scene};
use crate::{
    check::Failure,
    expect::Question,
    fake_postgres::FakePostgres,
    http::{Answer, printable},
    program::{Program, package},
};

/// What PostgreSQL, libpq, diesel, r2d2 and tokio say when something is wrong.
const DRIVER_WORDS: [&str; 12] = [
    "127.0.0.1",
    "connection",
    "deadline has elapsed",
    "diesel",
    "fatal",
    "libpq",
    "os error",
    "r2d2",
    "refused",
    "timed out",
    "timeout",
    "too many clients",
];

/// Headers that say something else in words that may look alike.
const OTHER_HEADERS: [&str; 2] = ["connection", "date"];

#[derive(Default)]
pub struct Evidence {
    /// Every 503, with the words that it must not hold.
    answers: Vec<(Answer, Vec<String>)>,
    /// What is wrong with the form of answers: by check, status, and how it can be seen again.
    malformed: BTreeMap<(&'static str, u16, String), Failure>,
    /// The first line of a log that showed the password.
    betrayal: Option<String>,
}

impl Scene<'_> {
    /// Keeps an answer for the checks that look at all of them, and what is wrong with its form.
    pub fn keep(&self, answer: &Answer, question: &Question, server: &FakePostgres, cause: &str) {
        let down = answer.status == 503;
        let mut words = vec![
            self.user.clone(),
            self.password.clone(),
            self.database.clone(),
            server.port().to_string(),
        ];
        words.extend((!cause.is_empty()).then(|| cause.to_owned()));
        let mut evidence = self.evidence();
        if down {
            evidence.answers.push((answer.clone(), words));
        }
        let says_down = if down {
            question.says(answer, "db", "down")
        } else {
            Ok(())
        };
        for (id, verdict) in [
            ("db-health.says-down", says_down),
            ("db-health.says-json", question.json(answer)),
            ("db-health.forbids-caching", question.not_kept(answer)),
        ] {
            if let Err(failure) = verdict {
                // In an order of their own, so that the first does not depend on who came first.
                let key = (id, answer.status, failure.how.clone());
                evidence.malformed.entry(key).or_insert(failure);
            }
        }
    }

    /// The first thing wrong with the form of the answers, in the eyes of the check `id`.
    pub fn well_formed(&self, id: &str) -> Result<(), Failure> {
        let mut evidence = self.evidence();
        let first = evidence
            .malformed
            .keys()
            .find(|(of, _, _)| *of == id)
            .cloned();
        first
            .and_then(|key| evidence.malformed.remove(&key))
            .map_or(Ok(()), Err)
    }

    /// Looks through the log of a program that is about to be ended.
    pub fn search(&self, program: &Program) {
        if let Some(line) = program.log.find(&self.password) {
            self.evidence().betrayal.get_or_insert(line);
        }
    }

    pub fn no_answer_tells_the_cause(&self) -> Result<(), Failure> {
        for (answer, words) in &self.evidence().answers {
            let headers = answer
                .headers
                .iter()
                .filter(|(name, _)| !OTHER_HEADERS.contains(&name.as_str()));
            let headers: String = headers
                .map(|(name, value)| format!("{name}: {value}\n"))
                .collect();
            let said = format!("{headers}{}", answer.body).to_lowercase();
            let known = DRIVER_WORDS
                .into_iter()
                .chain(words.iter().map(String::as_str));
            if let Some(word) = known.into_iter().find(|word| said.contains(*word)) {
                return Err(Failure {
                    expected: "an answer that says that the database is down, and no more"
                        .to_owned(),
                    found: answer.to_string(),
                    how: self.how_when_refused(),
                    perhaps: Some(format!(
                        "{word:?} comes from the error: log the error, answer without it"
                    )),
                });
            }
        }
        Ok(())
    }

    pub fn nothing_shows_the_password(&self) -> Result<(), Failure> {
        let evidence = self.evidence();
        let answer = evidence
            .answers
            .iter()
            .find(|(answer, _)| answer.to_string().contains(&self.password));
        let found = match (&evidence.betrayal, answer) {
            (Some(line), _) => format!("a line of the log:\n{}", printable(line)),
            (None, Some((answer, _))) => answer.to_string(),
            (None, None) => return Ok(()),
        };
        Err(Failure {
            expected: "the password of DATABASE_URL appears nowhere".to_owned(),
            found: found.replace(&self.password, "<the password>"),
            how: self.how_when_refused(),
            perhaps: Some(
                "the whole URL is written out: whoever may read logs may then read the data"
                    .to_owned(),
            ),
        })
    }

    fn how_when_refused(&self) -> String {
        let package = package(self.executable);
        format!(
            "DATABASE_URL=postgres://me:secret@127.0.0.1:1/db cargo run -p {package}\ncurl -i http://127.0.0.1:8000{PATH}"
        )
    }

    fn evidence(&self) -> MutexGuard<'_, Evidence> {
        self.evidence.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
