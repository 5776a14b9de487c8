//! `promtool`, which knows for certain what Prometheus would do: from the PATH, or else from Prometheus' image.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Duration,
};

use anyhow::Context;

use super::container;
use crate::{docker, ending::Ending, program, tool};

/// The first whose ranges leave out their beginning, as those do that the lesson speaks of: there `rate(…[1m])` over a scrape
/// interval of one minute has one sample, and no result.
const OLDEST: u32 = 3;

/// Beside the Prometheus of `compose.yaml`.
const IMAGE: &str = "prom/prometheus:v3.5.0";

/// All the scenes take it less than a second; a container has to be made first.
const LIMIT: Duration = Duration::from_secs(60);

/// Where it is.
pub enum Promtool {
    Here,
    InImage,
}

/// The file with rules, and the file with tests of them, in a folder of their own.
pub struct Files {
    folder: PathBuf,
    _ending: Ending,
}

pub const RULES: &str = "alerts.yml";
pub const TESTS: &str = "tests.yml";

impl Files {
    /// # Errors
    /// When the folder cannot be written to.
    pub fn new(rules: &str, tests: &str) -> anyhow::Result<Files> {
        let (folder, ending) = Ending::of(|| {
            let folder = program::empty_folder()?;
            let made = folder.clone();
            let end: Box<dyn FnOnce() + Send> = Box::new(move || {
                // It holds nothing but these two.
                let _ = fs::remove_dir_all(made);
            });
            anyhow::Ok((folder, end))
        })?;
        fs::write(folder.join(RULES), rules)?;
        fs::write(folder.join(TESTS), tests)?;
        Ok(Files {
            folder,
            _ending: ending,
        })
    }
}

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
            _ if has_image() => return Ok(Promtool::InImage),
            _ => {}
        }
        let what = match here {
            Some(version) => format!("promtool {version} is older than {OLDEST}"),
            None => "what the rules do is tried out with promtool, which is not here".to_owned(),
        };
        Err(format!("{what}; {GET} {IMAGE}"))
    }

    /// Runs it with these arguments among the files. Both of its outputs, as one.
    ///
    /// # Errors
    /// When it cannot be run.
    pub fn run(&self, arguments: &[&str], files: &Files) -> anyhow::Result<(bool, String)> {
        let output = match self {
            Promtool::Here => {
                let mut command = Command::new("promtool");
                command.args(arguments).current_dir(&files.folder);
                tool::run(command, LIMIT).context("promtool cannot be run")?
            }
            Promtool::InImage => in_container(arguments, &files.folder)
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

fn has_image() -> bool {
    let inspected = docker::ask(&["image", "inspect", IMAGE]);
    inspected.is_ok_and(|output| output.status.success())
}

/// Copied into the container, not mounted: the engine may be on another machine.
fn in_container(arguments: &[&str], folder: &Path) -> anyhow::Result<Output> {
    let (name, _ending) = container::name()?;
    let make = [
        "create",
        "--name",
        &name,
        "--network=none",
        "--workdir=/rules",
        "--entrypoint=promtool",
        IMAGE,
    ];
    let made = ask(&[&make, arguments].concat())?;
    if !made.status.success() {
        return Ok(made);
    }
    let files = format!("{}/.", folder.display());
    let copied = ask(&["cp", &files, &format!("{name}:/rules")])?;
    if !copied.status.success() {
        return Ok(copied);
    }
    Ok(ask(&["start", "--attach", &name])?)
}

fn ask(arguments: &[&str]) -> io::Result<Output> {
    let mut command = Command::new("docker");
    command.args(arguments);
    tool::run(command, LIMIT)
}
