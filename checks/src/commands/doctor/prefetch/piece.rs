//! One thing to build or to download.

use std::{
    fmt::{self, Display, Formatter},
    path::Path,
    process::Command,
    time::Duration,
};

use crate::{
    commands::doctor::machine::gb,
    course::Step,
    harness::build::build,
    tools::{compose::run, docker::trouble},
};

/// The time limit for one image: over a slow line it takes a while, and what has come stays.
const PULL_LIMIT: Duration = Duration::from_secs(60 * 60);

/// The time limit for one build of a release profile. The first takes four minutes on two cores.
const BUILD_LIMIT: Duration = Duration::from_secs(30 * 60);

/// One thing to build or to download.
pub enum Piece {
    /// A step's program, built by cargo.
    Program(&'static Step),
    /// An image to pull, and how large it is, if its registry says so.
    Pull { image: String, bytes: Option<u64> },
    /// A step's image, built by Docker.
    Image(&'static Step),
}

impl Piece {
    /// How large its download is, if it is one.
    pub fn download(&self) -> Option<Option<u64>> {
        match self {
            Piece::Pull { bytes, .. } => Some(*bytes),
            Piece::Program(_) | Piece::Image(_) => None,
        }
    }

    /// Builds or downloads it. Returns what stands in the way, in one line, with what to do.
    ///
    /// # Errors
    /// When cargo or Docker cannot be started.
    pub fn fetch(&self, root: &Path) -> anyhow::Result<Option<String>> {
        match self {
            Piece::Program(step) => program(root, step),
            Piece::Pull { image, .. } => {
                let mut pull = Command::new("docker");
                pull.args(["pull", image]);
                docker(pull, PULL_LIMIT, "pulling")
            }
            Piece::Image(step) => {
                let mut build = Command::new("docker");
                build
                    .current_dir(root)
                    .env("PACKAGE", step.package)
                    .args(["compose", "build", "app"]);
                docker(build, BUILD_LIMIT, "building the image")
            }
        }
    }
}

impl Display for Piece {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Piece::Program(step) => write!(f, "the program of step {}", step.number),
            Piece::Pull { image, bytes } => {
                write!(f, "{image}")?;
                bytes.map_or(Ok(()), |bytes| write!(f, " ({})", gb(bytes)))
            }
            Piece::Image(step) => write!(f, "the image of step {}", step.number),
        }
    }
}

/// What does not compile yet has brought its libraries all the same.
fn program(root: &Path, step: &Step) -> anyhow::Result<Option<String>> {
    let built = build(root, step.package)?;
    let package = step.package;
    Ok(built.is_none().then(|| {
        format!("it does not compile, and cargo says why; cargo build -p {package} tries again")
    }))
}

fn docker(command: Command, limit: Duration, what: &'static str) -> anyhow::Result<Option<String>> {
    let arguments = command.get_args().map(|it| it.to_string_lossy());
    let asked = arguments.fold("docker".to_owned(), |asked, it| asked + " " + &it);
    let ran = run(command, limit, Some(what))?;
    if ran.ok {
        return Ok(None);
    }
    if let Some(limit) = ran.overran {
        return Ok(Some(format!("it takes longer than {limit:?}: {asked}")));
    }
    let why = trouble(&ran.said).map(|blocked| blocked.why);
    let last = ran.said.lines().rev().find(|line| !line.trim().is_empty());
    let last = format!("{asked}: {}", last.unwrap_or("it does not say why").trim());
    Ok(Some(why.unwrap_or(last)))
}
