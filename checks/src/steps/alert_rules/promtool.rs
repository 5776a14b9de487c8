//! `promtool`, which knows for certain what Prometheus would do: from the PATH, or else from Prometheus' image.

use std::{process::Command, time::Duration};

use anyhow::Context;

use crate::{
    observer::{
        File, Source,
        container::{self, PROMETHEUS},
        folder_of,
    },
    tool,
};

/// The first whose ranges leave out their beginning, as those do that the lesson speaks of: there `rate(…[1m])` over a scrape
/// interval of one minute has one sample, and no result.
const OLDEST: u32 = 3;

/// All the scenes take it less than a second; a container has to be made first.
const LIMIT: Duration = Duration::from_secs(60);

/// Where it is.
pub enum Promtool {
    Here,
    InImage,
}

pub const RULES: &str = "alerts.yml";
pub const TESTS: &str = "tests.yml";

impl Promtool {
    /// Looks for one that is young enough.
    ///
    /// # Errors
    /// Why there is none, in one line, with what to do about it.
    pub fn find() -> Result<Promtool, String> {
        const GET: &str =
            "get promtool from https://prometheus.io/download, or with Docker: docker pull";
        let here = version();
        match &here {
            Some(version) if tool::version(version) >= vec![OLDEST] => return Ok(Promtool::Here),
            _ if Source::image("the", &PROMETHEUS).is_ok() => return Ok(Promtool::InImage),
            _ => {}
        }
        let what = match here {
            Some(version) => format!("promtool {version} is older than {OLDEST}"),
            None => "what the rules do is tried out with promtool, which is not here".to_owned(),
        };
        Err(format!("{what}; {GET} {}", PROMETHEUS.name))
    }

    /// Runs it with these arguments among these files. Both of its outputs, as one.
    ///
    /// # Errors
    /// When it cannot be run.
    pub fn run(&self, arguments: &[&str], files: &[File]) -> anyhow::Result<(bool, String)> {
        let (folder, _ending) = folder_of(files)?;
        let output = match self {
            Promtool::Here => {
                let mut command = Command::new("promtool");
                command.args(arguments).current_dir(&folder);
                tool::run(command, LIMIT).context("promtool cannot be run")?
            }
            Promtool::InImage => container::run(&PROMETHEUS, "promtool", arguments, &folder)
                .context("promtool cannot be run in its container")?,
        };
        let text = [output.stdout, output.stderr].concat();
        Ok((
            output.status.success(),
            String::from_utf8_lossy(&text).into_owned(),
        ))
    }
}

/// `3.5.0`, of the one on the PATH.
fn version() -> Option<String> {
    let mut command = Command::new("promtool");
    command.arg("--version");
    let output = tool::run(command, LIMIT).ok()?;
    let text = [output.stdout, output.stderr].concat();
    // promtool, version 3.5.0 (branch: HEAD, revision: 8be3a9560fbdd18a94dedec4b747c35178177202)
    let text = String::from_utf8_lossy(&text).into_owned();
    let version = text.split_whitespace().nth(2)?;
    Some(version.to_owned())
}
