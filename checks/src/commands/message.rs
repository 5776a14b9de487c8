//! `cargo verify message DatabaseDown`: what Slack and email say about an alert. amtool has no command for it.

use std::path::Path;

use anyhow::Context;

use crate::{commands::who, course, steps::on_call};

/// The messages that the learner's configuration makes of the alert of this name, or with `solutions` the finished one. `other`:
/// the labels of an alert that begins meanwhile.
///
/// # Errors
/// When there is no Alertmanager, it does not start with the file, or a word is no label.
pub fn run(
    root: &Path,
    solutions: bool,
    alert: &str,
    other: Option<&str>,
) -> anyhow::Result<String> {
    let other = other.map(|words| who::labels(words.split_whitespace()));
    let step = course::find("on-call").context("there is no step on-call")?;
    let subject = step.subject(root, step.target(solutions));
    let file = subject.config.as_deref().context("the step has a file")?;
    Ok(on_call::preview(file, &subject, alert, other.transpose()?)?)
}
