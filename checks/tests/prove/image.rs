//! Attempts at the container: folders of files to copy over a copy of the workspace in which step 3 is solved. (Those at the
//! subcommand are files like those of other steps, and need no Docker.)
//!
//! - `Dockerfile`: the part after the build stage, which stays the workshop's, so that Docker can reuse its cache
//! - `app.yaml`: lines to add to the service `app` of `compose.yaml`

use std::{
    fs,
    path::Path,
    sync::{Mutex, PoisonError, TryLockError},
};

use anyhow::{Context, bail};
use checks::{
    subject::Target,
    verify::{self, StepReport},
};

use crate::common::{
    attempts::{Attempt, Kind, starts_and_solutions},
    programs::Programs,
    scratch::Scratch,
    workspace,
};

/// How many tests build and run an image at a time: they mostly wait, for Docker and for the probes of a container.
const AT_A_TIME: usize = 5;

/// Copies of the workspace to build from. Each is used by one test at a time.
pub struct Images {
    scratches: Vec<Mutex<Scratch>>,
    /// The finished code of the step, in the step's wiring and in the finished service's.
    solution: Attempt,
    programs: Programs,
}

impl Images {
    pub fn new() -> anyhow::Result<Images> {
        let solution = starts_and_solutions()
            .find(|attempt| attempt.step.is_container() && attempt.kind == Kind::Solution)
            .context("no step is built with Docker")?;
        let scratches = (1..=AT_A_TIME)
            .map(|number| Ok(Mutex::new(Scratch::for_docker(&format!("image-{number}"))?)));
        Ok(Images {
            scratches: scratches.collect::<anyhow::Result<_>>()?,
            programs: Programs::build([&solution])?,
            solution,
        })
    }

    /// What the checks say of `package`, the step's own or the finished one, built with this attempt.
    pub fn report(&self, attempt: &Attempt, target: Target) -> anyhow::Result<StepReport> {
        let free = self
            .scratches
            .iter()
            .find_map(|scratch| match scratch.try_lock() {
                Ok(scratch) => Some(scratch),
                Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) => None,
            });
        // If both are in use: the one that the attempt's name selects.
        let next = attempt.name.len() % self.scratches.len();
        let scratch = free.unwrap_or_else(|| {
            self.scratches[next]
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        });
        lay(&scratch, attempt)?;
        let mut subject = attempt.step.subject(scratch.root(), target);
        subject.built = Some(match target {
            Target::Finished => self.programs.finished()?,
            Target::Step(_) => self.programs.of(&self.solution)?,
        });
        verify::step(attempt.step, &subject, true)
    }
}

/// Copies the attempt's files, and the solution's where the attempt has none.
fn lay(scratch: &Scratch, attempt: &Attempt) -> anyhow::Result<()> {
    let (root, step) = (workspace(), Path::new(attempt.step.folder));
    let given = |name: &str| {
        let laid = !matches!(attempt.kind, Kind::Solution);
        Some(attempt.path.join(name)).filter(|path| laid && path.exists())
    };
    for (name, text) in attempt.sources()? {
        match name.as_str() {
            "Dockerfile" | "app.yaml" => {}
            "healthcheck.rs" | "main.rs" => scratch.write(step.join("src").join(name), &text)?,
            _ => bail!("{}: {name} is not laid anywhere", attempt.name),
        }
    }

    let solution = fs::read_to_string(root.join("solutions/Dockerfile"))?;
    let dockerfile = match given("Dockerfile") {
        None => solution,
        Some(path) if attempt.kind == Kind::Start => fs::read_to_string(path)?,
        Some(last_stage) => {
            let build = solution
                .rfind("\nFROM ")
                .context("the solution's Dockerfile has no last stage")?;
            let last_stage = fs::read_to_string(last_stage)?;
            format!("{}{last_stage}", &solution[..=build])
        }
    };
    scratch.write("Dockerfile", &dockerfile)?;

    let mut compose = fs::read_to_string(root.join("compose.yaml"))?;
    if let Some(lines) = given("app.yaml") {
        const APP: &str = "\n  app:\n";
        let at = compose
            .find(APP)
            .context("compose.yaml has no service app")?
            + APP.len();
        for line in fs::read_to_string(lines)?.lines().rev() {
            compose.insert_str(at, &format!("    {line}\n"));
        }
    }
    scratch.write("compose.yaml", &compose)
}
