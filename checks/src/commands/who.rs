//! `cargo verify who --at '2027-03-05 18:00:00' severity=ticket job=app`: who is told of an alert, at a time. amtool walks the same
//! tree, but ignores the hours, and names neither the channels nor the lines of the file.

use std::{fs, path::Path};

use anyhow::{Context, anyhow, ensure};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use crate::{
    course,
    steps::on_call,
    subject::Subject,
    tools::alertmanager::{config::Config, matcher::Labels},
};

/// Answers for the learner's configuration, or with `solutions` for the finished one, at an instant (by default now). `words` are the
/// alert's labels, `others` those of the alerts that fire meanwhile.
///
/// # Errors
/// When the file cannot be read, or a word is no label.
pub fn run(
    root: &Path,
    solutions: bool,
    at: Option<Timestamp>,
    others: &[String],
    words: &[String],
) -> anyhow::Result<String> {
    let step = course::find("on-call").context("there is no step on-call")?;
    let Subject { folder, config, .. } = step.subject(root, step.target(solutions));
    let file = config.context("the step has a file")?;
    let text = fs::read_to_string(&file).with_context(|| format!("{}", file.display()))?;
    let config = Config::read(&text).map_err(|why| anyhow!("{folder}/{why}"))?;
    let others = others.iter().map(|other| labels(other.split_whitespace()));
    let others = others.collect::<anyhow::Result<Vec<Labels>>>()?;
    let labels = labels(words.iter().map(String::as_str))?;
    ensure!(
        !labels.is_empty(),
        "name the alert's labels: severity=page job=app"
    );
    let at = at.unwrap_or_else(Timestamp::now);
    Ok(on_call::answer(&config, &labels, at, &others))
}

/// Labels of the form `name=value`.
///
/// # Errors
/// When a word is none.
pub fn labels<'a>(words: impl Iterator<Item = &'a str>) -> anyhow::Result<Labels> {
    words
        .map(|word| {
            let (name, value) = word
                .split_once('=')
                .with_context(|| format!("{word:?} is no label: write name=value"))?;
            Ok((name.to_owned(), value.trim_matches('"').to_owned()))
        })
        .collect()
}

/// A time in Seoul, `2027-03-05 18:00:00`, or one with an offset, `2027-03-05T09:00:00Z`.
///
/// # Errors
/// When it is neither.
pub fn time(text: &str) -> Result<Timestamp, String> {
    if let Ok(timestamp) = text.parse() {
        return Ok(timestamp);
    }
    let seoul = TimeZone::get("Asia/Seoul").map_err(|error| error.to_string())?;
    let there: DateTime = text
        .parse()
        .map_err(|_| "write it as '2027-03-05 18:00' (in Seoul) or 2027-03-05T09:00Z".to_owned())?;
    seoul.to_timestamp(there).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::time;

    #[test]
    fn a_time_is_in_seoul_unless_it_has_an_offset() {
        assert_eq!(time("2027-03-05 18:00"), time("2027-03-05T09:00:00Z"));
        assert!(time("tomorrow").is_err());
    }
}
