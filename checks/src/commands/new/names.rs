//! The names of a new step, all made from one.

use anyhow::ensure;

use crate::course::{self, STEPS};

/// Its check's title, `GET /… answers 200 OK`, has room for 40 characters, and so many are left.
const LONGEST: usize = 20;

/// Names that a module beside it, a crate or Rust itself has already.
const TAKEN: &str = "\
    abstract actix-web alloc as async await become box break checks const continue core crate do dyn else enum extern false files \
     final fn for gen if impl in let lookup loop macro match mod move mut override priv pub question ref return row self solutions static \
     std step struct super trait true try type typeof unsafe unsized use virtual web where while yield";

/// What the files of a new step are named after.
#[derive(Debug, PartialEq)]
pub struct Names {
    pub number: usize,
    /// `rate-limit`
    pub name: String,
}

impl Names {
    /// The names of the step that would come after the last one.
    ///
    /// # Errors
    /// When `name` cannot be the name of a step, in one line.
    pub fn next(name: &str) -> anyhow::Result<Names> {
        let words = || name.split('-');
        let is_word = |word: &str| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
        };
        let begins = name.starts_with(|letter: char| letter.is_ascii_lowercase());
        ensure!(
            begins && words().all(is_word),
            "{name:?} is not a name like rate-limit: lower-case letters and digits, words joined by one -"
        );
        ensure!(
            name.len() <= LONGEST,
            "{name} has {} letters, and the title of its check has room for {LONGEST}",
            name.len()
        );
        let digits = name.strip_prefix("step").unwrap_or_default();
        let is_number = !digits.is_empty() && digits.chars().all(|it| it.is_ascii_digit());
        let taken = TAKEN.split_whitespace().any(|taken| taken == name);
        ensure!(
            course::find(name).is_none() && !is_number && !taken,
            "the name {name} is taken: by a step, a module beside it, or Rust itself"
        );
        Ok(Names {
            number: STEPS.len() + 1,
            name: name.to_owned(),
        })
    }

    /// `rate_limit`
    pub fn module(&self) -> String {
        self.name.replace('-', "_")
    }

    /// `step08`
    pub fn package(&self) -> String {
        format!("step{:02}", self.number)
    }

    /// `08-rate-limit`
    pub fn folder(&self) -> String {
        format!("{:02}-{}", self.number, self.name)
    }

    /// `text` with the names in place of `{name}`, `{module}`, `{title}`, `{number}`, `{package}` and `{folder}`.
    pub fn fill(&self, text: &str) -> String {
        text.replace("{name}", &self.name)
            .replace("{module}", &self.module())
            .replace("{title}", &self.title())
            .replace("{number}", &self.number.to_string())
            .replace("{package}", &self.package())
            .replace("{folder}", &format!("steps/{}", self.folder()))
    }

    /// `Rate limit`
    fn title(&self) -> String {
        let spaced = self.name.replace('-', " ");
        let mut letters = spaced.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect()
    }
}
