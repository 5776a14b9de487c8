//! One thing that no caller may read, and where it was told.

use crate::{
    check::Failure,
    harness::{http::Answer, text::varying},
    steps::question::Question,
};

/// Headers that say nothing about the database.
const OTHER_HEADERS: [&str; 2] = ["connection", "date"];

/// Something that an answer must not contain, and what it is.
pub struct Secret {
    pub what: String,
    pub text: String,
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
