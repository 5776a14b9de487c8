//! `cargo verify message DatabaseDown`: what Slack and email say about an alert. amtool has no command for it.

use std::path::Path;

use anyhow::Context;

use crate::{course, steps::on_call};

/// The messages that the learner's configuration makes of the alert of this name, or with `solutions` the finished one.
///
/// # Errors
/// When there is no Alertmanager, or it does not start with the file.
pub fn run(root: &Path, solutions: bool, alert: &str) -> anyhow::Result<String> {
    let step = course::find("on-call").context("there is no step on-call")?;
    let subject = step.subject(root, step.target(solutions));
    let file = subject.config.as_deref().context("the step has a file")?;
    Ok(on_call::preview(file, &subject, alert)?)
}
