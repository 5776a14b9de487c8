//! Interrupted checks of the container leave nothing behind, and do not touch other projects.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use crate::common::{scratch::Scratch, verify::verify};
use anyhow::{Context, ensure};
use checks::harness::poll;

/// The time limit for an image that is built without a cache.
const LIMIT: Duration = Duration::from_secs(20 * 60);
const PACE: Duration = Duration::from_millis(50);

/// Ctrl-C while `docker compose up` waits, beside a database that stands for the learner's own stack from the same folder.
pub fn an_interruption_leaves_nothing_and_touches_nobody() -> anyhow::Result<()> {
    let scratch = Scratch::for_docker("image-interrupted")?;
    let learners = Learners::start(scratch.root())?;
    let before = learners.running()?;

    let mut checker = verify(scratch.root(), &["3", "--solutions"])
        .stdout(Stdio::null())
        .spawn()?;
    let project = format!("workshop-check-{}-0", checker.id());
    let containers = || {
        ensure!(checker.try_wait()?.is_none(), "the checker has ended");
        of(&project, "container")
    };
    let made = poll::latest(LIMIT, PACE, containers, |made| !made.is_empty())?;
    ensure!(!made.is_empty(), "no container was made");
    say("kill", &["-INT", &checker.id().to_string()])?;
    let code = checker.wait()?.code();
    ensure!(code == Some(130), "exit code {code:?}");

    for kind in ["container", "network", "volume"] {
        let left = of(&project, kind)?;
        ensure!(left.is_empty(), "a {kind} was left behind: {left}");
    }
    let images = say("docker", &["image", "ls", "--quiet", &project])?;
    ensure!(images.is_empty(), "the image was left behind: {images}");
    let after = learners.running()?;
    ensure!(
        !before.is_empty() && before == after,
        "the learner had {before}, and now {after}"
    );
    Ok(())
}

/// Docker's list of these objects of a Compose project.
fn of(project: &str, kind: &str) -> anyhow::Result<String> {
    let label = format!("label=com.docker.compose.project={project}");
    let mut arguments = vec![kind, "ls", "--quiet", "--filter", &label];
    arguments.extend((kind == "container").then_some("--all"));
    say("docker", &arguments)
}

fn say(program: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new(program).args(arguments).output()?;
    ensure!(
        output.status.success(),
        "{program} {arguments:?}: {output:?}"
    );
    String::from_utf8(output.stdout).context("not UTF-8")
}

/// A database that was started with `docker compose up`, as a learner would. It ends when this value is dropped.
struct Learners<'a>(&'a Path);

impl Learners<'_> {
    fn start(root: &Path) -> anyhow::Result<Learners<'_>> {
        let learners = Learners(root);
        learners.compose(&["up", "--detach", "db"])?;
        Ok(learners)
    }

    fn running(&self) -> anyhow::Result<String> {
        self.compose(&["ps", "--quiet", "--status", "running"])
    }

    fn compose(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let folder = self.0.to_string_lossy();
        let compose = ["compose", "--project-directory", &folder];
        say("docker", &[&compose, arguments].concat())
    }
}

impl Drop for Learners<'_> {
    fn drop(&mut self) {
        // An error is ignored: the test already has its result.
        let _ = self.compose(&["down", "--volumes", "--timeout", "0"]);
    }
}
