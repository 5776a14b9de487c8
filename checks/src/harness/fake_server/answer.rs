//! What a fake server does with a request.

use std::{
    fmt::{self, Display, Formatter},
    str::FromStr,
};

/// The words for answers that are more than a status; the one without a server needs none.
const WORDS: [(&str, Answer); 8] = [
    ("degraded", Answer::Degraded),
    ("slow", Answer::Slow),
    ("pieces", Answer::Pieces),
    ("half", Answer::Half),
    ("nothing", Answer::Nothing),
    ("garbage", Answer::Garbage),
    ("silent", Answer::Silent),
    ("deaf", Answer::Deaf),
];

/// What is answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer {
    /// An answer with this status.
    Status(u16),
    /// 200, with a body that says otherwise.
    Degraded,
    /// 200, after a second.
    Slow,
    /// 200, the status line in two pieces.
    Pieces,
    /// The beginning of a status line, and the end of the connection.
    Half,
    /// The end of the connection.
    Nothing,
    /// Bytes that are no text.
    Garbage,
    /// Reads, and never answers.
    Silent,
    /// Listens, and never accepts; its queue is full.
    Deaf,
    /// No server listens: connections are refused.
    Closed,
}

impl Answer {
    /// What it does, as part of a sentence about a server.
    pub fn described(self) -> String {
        match self {
            Answer::Status(_) | Answer::Degraded | Answer::Slow | Answer::Pieces => {
                let status = status(self).unwrap_or_default();
                let manner = match self {
                    Answer::Degraded => r#" with the body {"status":"degraded"}"#,
                    Answer::Slow => " after 1 s",
                    Answer::Pieces => " in two pieces",
                    _ => "",
                };
                format!("a server that answers {status}{manner}")
            }
            Answer::Half => {
                "a server that closes the connection in the middle of its status line".to_owned()
            }
            Answer::Nothing => "a server that closes the connection without an answer".to_owned(),
            Answer::Garbage => "a server that answers with bytes that are not text".to_owned(),
            Answer::Silent => "a server that accepts the connection and never answers".to_owned(),
            Answer::Deaf => "a server that listens and never accepts the connection".to_owned(),
            Answer::Closed => "a port on which no server listens".to_owned(),
        }
    }
}

/// The status, with its usual words, if it is answered with one.
pub(super) fn status(answer: Answer) -> Option<String> {
    match answer {
        Answer::Status(status) => Some(crate::harness::http::status_line(status)),
        Answer::Degraded | Answer::Slow | Answer::Pieces => {
            Some(crate::harness::http::status_line(200))
        }
        _ => None,
    }
}

impl Display for Answer {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        if let Answer::Status(status) = self {
            return status.fmt(f);
        }
        let word = WORDS.iter().find(|(_, answer)| answer == self);
        f.write_str(word.map_or("", |(word, _)| word))
    }
}

impl FromStr for Answer {
    type Err = String;

    fn from_str(text: &str) -> Result<Answer, String> {
        if let Some((_, answer)) = WORDS.iter().find(|(word, _)| *word == text) {
            return Ok(*answer);
        }
        match text.parse() {
            Ok(status @ 200..=599) => Ok(Answer::Status(status)),
            _ => {
                let words: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
                Err(format!("a status from 200 to 599, or {}", words.join(", ")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stands_for_an_answer() {
        for (word, answer) in WORDS {
            assert_eq!(word.parse(), Ok(answer));
            assert_eq!(answer.to_string(), word);
        }
        assert_eq!("503".parse(), Ok(Answer::Status(503)));
        assert!("100".parse::<Answer>().is_err());
    }
}
