//! `promtool`, which behaves exactly as Prometheus would: from the PATH, or else from Prometheus's image.

use std::sync::{Mutex, PoisonError};

use crate::{
    harness::{run, scratch::File},
    tools::{container::PROMETHEUS, source::Source},
};

/// The first version whose ranges exclude their start, as the lesson describes: there `rate(…[1m])` over a scrape interval of one
/// minute has one sample, and no result.
const OLDEST: u32 = 3;

/// Where promtool comes from.
pub struct Promtool(Source);

pub const RULES: &str = "alerts.yml";
pub const TESTS: [&str; 2] = ["tests.yml", "more-tests.yml"];

impl Promtool {
    /// Looks for a promtool that is recent enough.
    ///
    /// # Errors
    /// Why there is none, in one line, with what to do about it.
    pub fn find() -> Result<Promtool, String> {
        const GET: &str =
            "get promtool from https://prometheus.io/download, or with Docker: docker pull";
        let here = Source::on_path("promtool", &["promtool"]).ok();
        let here = here.and_then(|source| Some((version(&source)?, source)));
        if let Some((version, source)) = &here
            && run::version(version) >= vec![OLDEST]
        {
            return Ok(Promtool(source.clone()));
        }
        if let Ok(image) = Source::image("the", &PROMETHEUS) {
            return Ok(Promtool(image));
        }
        let what = match here {
            Some((version, _)) => format!("promtool {version} is older than {OLDEST}"),
            None => "what the rules do is tried out with promtool, which is not here".to_owned(),
        };
        Err(format!("{what}; {GET} {}", PROMETHEUS.name))
    }

    /// The command with which a learner runs it, at the root of the repository.
    pub fn command(&self, arguments: &[&str]) -> String {
        let arguments = arguments.join(" ");
        match self.0 {
            Source::Path(_) => format!("promtool {arguments}"),
            Source::Image => format!(
                "docker run --rm -v \"$PWD\":/work -w /work --entrypoint promtool {} {arguments}",
                PROMETHEUS.name
            ),
        }
    }

    /// Runs promtool with these arguments among these files. Returns whether it succeeded, and stdout and stderr as one text.
    ///
    /// # Errors
    /// When promtool cannot be run.
    pub fn run(&self, arguments: &[&str], files: &[File]) -> anyhow::Result<(bool, String)> {
        let output = self.0.run(("promtool", &PROMETHEUS), arguments, files)?;
        let text = [output.stdout, output.stderr].concat();
        Ok((
            output.status.success(),
            String::from_utf8_lossy(&text).into_owned(),
        ))
    }
}

/// The version of `promtool`, which is asked once: it takes a twentieth of a second of processor time to say so.
fn version(promtool: &Source) -> Option<String> {
    static KNOWN: Mutex<Vec<(Source, String)>> = Mutex::new(Vec::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, version)) = known.iter().find(|(source, _)| source == promtool) {
        return Some(version.clone());
    }
    let output = promtool.run(("promtool", &PROMETHEUS), &["--version"], &[]);
    let output = output.ok()?;
    let text = [output.stdout, output.stderr].concat();
    let version = version_in(&String::from_utf8_lossy(&text))?.to_owned();
    known.push((promtool.clone(), version.clone()));
    Some(version)
}

/// `3.5.0` in `promtool, version 3.5.0 (branch: HEAD, revision: 8be3a9560fbdd18a94dedec4b747c35178177202)`
fn version_in(text: &str) -> Option<&str> {
    let mut words = text.split_whitespace();
    words.find(|word| *word == "version")?;
    words.next()
}

#[cfg(test)]
mod tests {
    use super::{OLDEST, version_in};
    use crate::harness::run;

    #[test]
    fn any_release_of_3_will_do() {
        for version in ["3.0.0", "3.5.3+ds1", "3.13.4", "3.14.0-rc.0", "v4.0.0"] {
            let said = format!("promtool, version {version} (branch: HEAD, revision: 8be3a95)\n");
            assert_eq!(version_in(&said), Some(version));
            assert!(run::version(version) >= vec![OLDEST], "{version}");
        }
        assert!(run::version("2.53.4") < vec![OLDEST]);
    }
}
