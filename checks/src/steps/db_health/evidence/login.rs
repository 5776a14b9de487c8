//! The login to the database, drawn for each run, and what no caller may read of it.

use super::secret::Secret;
use crate::{
    check::Failure,
    harness::{
        fake_postgres::FakePostgres,
        http::Answer,
        random::{random_number, random_word},
    },
    steps::question::Question,
};

/// Parts of the error messages of the operating system, libpq, r2d2 and tokio, in lower case, that no other text would contain.
const SENTENCES: [&str; 9] = [
    "connection to server",
    "connection refused",
    "timed out waiting for connection",
    "server closed the connection",
    "terminating connection",
    "timeout expired",
    "deadline has elapsed",
    "os error",
    "is the server running",
];

/// The letters of a password: no other text has four of them in a row. The length of its words, and of the shortest part searched.
const LETTERS: [char; 7] = ['j', 'k', 'q', 'v', 'w', 'x', 'z'];
const WORD: usize = 12;
const PIECE: usize = 4;

fn drawn() -> String {
    let letter = |_| LETTERS[random_number(0..LETTERS.len() as u64) as usize];
    (0..WORD).map(letter).collect()
}

/// Random names and a password. It contains an `@`, which has to be encoded in a URL.
pub struct Login {
    user: String,
    password: [String; 2],
    database: String,
}

impl Login {
    pub fn draw() -> Login {
        Login {
            user: random_word(),
            password: [drawn(), drawn()],
            database: random_word(),
        }
    }

    /// The DATABASE_URL of this server.
    pub fn url(&self, server: &FakePostgres) -> String {
        let [first, second] = &self.password;
        server.url(&format!("{}:{first}%40{second}", self.user), &self.database)
    }

    /// The same, with the login in the query, as libpq allows.
    pub fn url_with_query(&self, server: &FakePostgres) -> String {
        let [first, second] = &self.password;
        let login = format!("user={}&password={first}%40{second}", self.user);
        server.url_with_query(&login, &self.database)
    }

    /// Each of these stands for the password, however it is encoded or shortened.
    pub fn pieces(&self) -> impl Iterator<Item = &str> {
        self.parts(PIECE)
    }

    /// The parts of the password that are so long.
    fn parts(&self, length: usize) -> impl Iterator<Item = &str> {
        let words = self.password.iter();
        words.flat_map(move |word| (0..=WORD - length).map(move |at| &word[at..at + length]))
    }

    /// What no answer may tell about this server; the password has a check of its own.
    pub fn secrets(&self, server: &FakePostgres) -> Vec<Secret> {
        let named = [
            ("the user in DATABASE_URL", self.user.clone()),
            ("the database in DATABASE_URL", self.database.clone()),
            ("the port of the database", server.port().to_string()),
            ("the host of the database", "127.0.0.1".to_owned()),
        ];
        let secret = |(what, text): (&str, String)| Secret {
            what: format!("is {what}"),
            text,
        };
        let sentence = |text: &&str| Secret {
            what: "comes from the error: log the error, answer without it".to_owned(),
            text: (*text).to_owned(),
        };
        let named = named.into_iter().map(secret);
        named.chain(SENTENCES.iter().map(sentence)).collect()
    }

    /// The failure, if the answer shows the password.
    pub fn password_in(&self, question: &Question, answer: &Answer) -> Option<Failure> {
        let shown = self.pieces().find_map(|piece| answer.showing(piece));
        shown.map(|shown| self.shown(question, &shown))
    }

    /// The failure without the password.
    pub fn masked(&self, failure: Failure) -> Failure {
        let [first, second] = &self.password;
        let whole = format!("{first}%40{second}");
        let found = failure.found.replace(&whole, "<the password>");
        // The longest first.
        let parts = (PIECE..=WORD).rev().flat_map(|length| self.parts(length));
        let found = parts.fold(found, |found, part| {
            found.replace(part, "<a part of the password>")
        });
        Failure { found, ..failure }
    }

    /// The failure when the password was shown here.
    pub fn shown(&self, question: &Question, found: &str) -> Failure {
        let failure = question.failure("the password of DATABASE_URL appears nowhere", found);
        self.masked(failure).perhaps(
            "something writes DATABASE_URL out: with it, everybody who reads this can read the data",
        )
    }
}
