//! What no caller may read.

use crate::{
    check::Failure,
    harness::{
        fake_postgres::FakePostgres,
        http::Answer,
        random::{random_number, random_word},
        text::varying,
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

/// Headers that say nothing about the database.
const OTHER_HEADERS: [&str; 2] = ["connection", "date"];

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

/// Something that an answer must not contain, and what it is.
pub struct Secret {
    what: String,
    text: String,
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

impl Secret {
    /// What the database said, if it said anything.
    pub fn said(text: &str) -> Option<Secret> {
        (!text.is_empty()).then(|| Secret {
            what: "is what the database said: log it, answer without it".to_owned(),
            text: text.to_owned(),
        })
    }

    /// The name of an SQLite file.
    pub fn file(name: &str) -> Secret {
        Secret {
            what: "is the file that DATABASE_URL names".to_owned(),
            text: name.to_owned(),
        }
    }

    /// The failure, if the answer tells it.
    pub fn told(&self, question: &Question, answer: &Answer) -> Option<Failure> {
        let (name, text) = self.place_in(answer)?;
        let found = match name {
            Some(name) => format!("{answer}\n{name}: {text}"),
            None => answer.to_string(),
        };
        let expected =
            "an answer that says whether the database answers, and nothing else about it";
        Some(question.failure(expected, found).perhaps(format!(
            "\"{}\" {}",
            self.shown(),
            self.what
        )))
    }

    /// A number differs in each run.
    fn shown(&self) -> String {
        if self.is_number() {
            varying("port", &self.text).to_string()
        } else {
            self.text.clone()
        }
    }

    fn is_number(&self) -> bool {
        self.text.chars().all(|c| c.is_ascii_digit())
    }

    /// The header that contains it, or the body.
    fn place_in<'a>(&self, answer: &'a Answer) -> Option<(Option<&'a str>, &'a str)> {
        let headers = answer.headers.iter();
        let headers = headers.filter(|(name, _)| !OTHER_HEADERS.contains(&name.as_str()));
        let header = headers
            .map(|(name, value)| (Some(name.as_str()), value.as_str()))
            .find(|(_, value)| self.is_in(value));
        header.or_else(|| self.is_in(&answer.body).then_some((None, &answer.body)))
    }

    /// A number must stand alone: the port is not told by a duration, or by a request's id, that has the same digits in it.
    fn is_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let number = self.is_number();
        let goes_on = |c: char| number && (c.is_alphanumeric() || c == '.');
        text.match_indices(&self.text).any(|(at, found)| {
            let (before, after) = (&text[..at], &text[at + found.len()..]);
            !before.ends_with(goes_on) && !after.starts_with(goes_on)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_port_is_told_where_it_stands_alone() {
        let port = Secret {
            what: "is the port of the database".to_owned(),
            text: "44561".to_owned(),
        };
        for told in [
            "44561",
            "127.0.0.1:44561, and",
            r#"{"port":44561}"#,
            "postgres://me@db:44561/x",
        ] {
            assert!(port.is_in(told), "{told}");
        }
        for not_told in [
            "62ed3160-fd82-435d-9816-7e1822b44561",
            "0.44561 s",
            "1445612",
            "44561e0c",
        ] {
            assert!(!port.is_in(not_told), "{not_told}");
        }
    }
}
