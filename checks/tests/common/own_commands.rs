//! Tries the commands of a message about Alertmanager's file: `cargo verify who` and `cargo verify message`, beside that file. What
//! they show is compared with what the message says was found.

use std::{fs, path::Path, process::Command, time::Duration};

use anyhow::ensure;
use checks::{
    check::Failure,
    harness::{run::run, scratch},
};

use super::{pinning::redacted, try_it::typed};

/// The time limit for one command: a message takes two seconds, and more on a busy machine.
const LIMIT: Duration = Duration::from_secs(40);

/// A date for each weekday: where messages are compared, they show no dates.
const DATES: [(&str, &str); 7] = [
    ("Mon", "2027-03-01"),
    ("Tue", "2027-03-02"),
    ("Wed", "2027-03-03"),
    ("Thu", "2027-03-04"),
    ("Fri", "2027-03-05"),
    ("Sat", "2027-03-06"),
    ("Sun", "2027-03-07"),
];

/// The beginnings of lines that `who` shows, too.
const ANSWERS: [&str; 6] = [
    "alertmanager.yml:",
    "held: ",
    "group_by: ",
    "group_wait: ",
    "group_interval: ",
    "repeat_interval: ",
];

/// Whether a message gives such a command.
pub fn gives(failure: &Failure) -> bool {
    ["cargo verify who ", "cargo verify message "]
        .iter()
        .any(|command| failure.how.starts_with(command))
}

/// Runs the command of a message in a workspace whose `step` has the file at `config`.
///
/// # Errors
/// When it shows something else than the message.
pub fn show(failure: &Failure, step: &str, config: &Path) -> anyhow::Result<()> {
    let Some(command) = dated(failure) else {
        return Ok(());
    };
    let (folder, _guard) = scratch::folder()?;
    let beside = folder.join(step);
    fs::create_dir_all(&beside)?;
    fs::copy(config, beside.join("alertmanager.yml"))?;
    let program = format!("'{}'", env!("CARGO_BIN_EXE_checks"));
    let mut shell = Command::new("sh");
    shell
        .current_dir(&folder)
        .env("CARGO_MANIFEST_DIR", folder.join("checks"))
        .args(["-c", &typed(&command).replace("cargo verify", &program)]);
    let output = run(shell, LIMIT)?;
    let shown = redacted(&String::from_utf8_lossy(
        &[output.stdout, output.stderr].concat(),
    ));
    let found = redacted(&failure.found);
    for line in quoted(&found) {
        ensure!(
            shown.lines().any(|shown| shown.contains(line)),
            "{command}\ndoes not show\n{line}\nbut\n{shown}"
        );
    }
    ensure!(
        !failure.found.contains("both are told") || shown.contains("not silenced by any rule"),
        "{shown}"
    );
    Ok(())
}

/// The command with a date in it, where the message says which weekday it was.
fn dated(failure: &Failure) -> Option<String> {
    if !failure.how.contains("<date>") {
        return Some(failure.how.clone());
    }
    let (_, date) = DATES
        .iter()
        .find(|(day, _)| failure.found.contains(&format!("at {day} ")))?;
    Some(failure.how.replace("<date>", date))
}

/// The lines of `found` that the command is to show: a message of Slack or a mail, or the parts of an answer of `who`.
fn quoted(found: &str) -> Vec<&str> {
    let lines = found.lines();
    let says = |line: &&str| {
        [
            " It says:",
            " when it began:",
            " when it is over:",
            " still fire:",
        ]
        .iter()
        .any(|end| line.ends_with(end))
    };
    match lines.clone().position(|line| says(&line)) {
        // The last line may be cut.
        Some(at) => lines
            .skip(at + 1)
            .map(|line| line.trim_end_matches('…').trim())
            .collect(),
        None => lines
            .map(str::trim)
            .filter(|line| ANSWERS.iter().any(|begin| line.starts_with(begin)))
            .collect(),
    }
}
