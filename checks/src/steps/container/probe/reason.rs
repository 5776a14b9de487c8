//! The line on stderr that Docker keeps in the container's health log.

use std::sync::LazyLock;

use regex::Regex;

use super::case::Ended;
use crate::{
    check::Failure,
    harness::{
        fake_server::Answer,
        http::status_line,
        text::{printable, varying},
    },
};

/// Whether each of these says why it failed: in one line, and not in the same words for different causes.
pub fn is_given(ended: &[&Ended]) -> Result<(), Failure> {
    let mut told: Vec<(&Ended, String)> = Vec::new();
    for answer in [
        Answer::Status(503),
        Answer::Status(404),
        Answer::Closed,
        Answer::Silent,
    ] {
        let ended = ended.iter().find(|ended| ended.case.answer == answer);
        // A probe that did not give up is the concern of another check.
        let Some(ended) = ended.filter(|ended| ended.code == Some(1)) else {
            continue;
        };
        let line = one_line(ended)?;
        if let Answer::Status(status) = answer {
            names(status, line, ended)?;
        }
        is_true(line, ended)?;
        let line = line.replace(&ended.port.to_string(), "");
        if let Some((other, _)) = told.iter().find(|(_, earlier)| *earlier == line) {
            return Err(Failure::new(
                format!(
                    "another line on stderr {} than {}",
                    ended.case.described(),
                    other.case.described()
                ),
                format!("both times: {}", printable(&line)),
                format!("{}\n{}", other.case.how(), ended.case.how()),
            )
            .perhaps(
                "the line does not come from what went wrong: an io::Error says it in words",
            ));
        }
        told.push((ended, line));
    }
    Ok(())
}

fn one_line(ended: &Ended) -> Result<&str, Failure> {
    let lines = ended.stderr.lines().filter(|line| !line.trim().is_empty());
    let lines: Vec<&str> = lines.collect();
    if let [line] = lines[..] {
        return Ok(line);
    }
    let (found, perhaps) = match (lines.len(), ended.stdout.trim()) {
        (0, "") => (
            "nothing".to_owned(),
            Some("the program ends without a word: eprintln! writes to stderr, before the return"),
        ),
        (0, stdout) => (
            format!("nothing; on stdout: {}", printable(stdout)),
            Some("println! writes to stdout, eprintln! to stderr"),
        ),
        (count, _) => (
            format!("{count} lines:\n{}", printable(ended.stderr.trim_end())),
            Some("more is printed than the reason: Docker's health log shows it as one string"),
        ),
    };
    Err(Failure::new(
        format!(
            "one line on stderr that says why, {}",
            ended.case.described()
        ),
        found,
        ended.case.how(),
    )
    .perhaps_if(perhaps))
}

/// Whether an address in the line is the one that was to be asked.
fn is_true(line: &str, ended: &Ended) -> Result<(), Failure> {
    static ADDRESS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\b\d+\.\d+\.\d+\.\d+:\d+").expect("it is valid"));
    let asked = format!("127.0.0.1:{}", ended.port);
    match ADDRESS.find(line) {
        Some(address) if address.as_str() != asked => Err(Failure::new(
            format!(
                "no other address on stderr than that of the server, 127.0.0.1:{}, {}",
                varying("port", ended.port),
                ended.case.described()
            ),
            printable(line),
            ended.case.how(),
        )
        .perhaps("the address in the line is written out, and not the one that is asked")),
        _ => Ok(()),
    }
}

/// Whether the line names the status, by its number or its words.
fn names(status: u16, line: &str, ended: &Ended) -> Result<(), Failure> {
    let words = status_line(status);
    let (number, words) = words.split_once(' ').unwrap_or((&words, &words));
    if line.contains(number) || line.contains(words) {
        return Ok(());
    }
    Err(Failure::new(
        format!(
            "a line on stderr that names the status, {}",
            ended.case.described()
        ),
        printable(line),
        ended.case.how(),
    )
    .perhaps("the status that came is not part of the line"))
}
