//! Attempts at the container: folders of files to lay over a copy of the workspace in which step 3 is solved.
//!
//! - `Dockerfile`: what comes after the build stage, which stays the workshop's, so that Docker knows what it has built
//! - `app.yaml`: lines to add to the service `app` of `compose.yaml`
//! - `healthcheck.rs`, `main.rs`: the step's own

use std::{
    fs,
    path::Path,
    sync::{Mutex, PoisonError, TryLockError},
};

use anyhow::{Context, bail};
use checks::verify::{self, StepReport, Subject};

use super::{
    Attempt,
    common::{Scratch, workspace},
    docker,
};

/// Copies of the workspace to build from. One at a time in each: mostly they wait for Docker, but not only.
pub struct Images([Mutex<Scratch>; 2]);

impl Images {
    pub fn new() -> anyhow::Result<Images> {
        Ok(Images([
            Mutex::new(docker::scratch("image-1")?),
            Mutex::new(docker::scratch("image-2")?),
        ]))
    }

    pub fn check(&self, attempt: &Attempt) -> anyhow::Result<StepReport> {
        let free = self.0.iter().find_map(|scratch| match scratch.try_lock() {
            Ok(scratch) => Some(scratch),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        });
        // Both in use: whichever its name leads to.
        let next = attempt.name.len() % self.0.len();
        let scratch =
            free.unwrap_or_else(|| self.0[next].lock().unwrap_or_else(PoisonError::into_inner));
        lay(&scratch, attempt)?;
        let subject = Subject::new(scratch.root(), attempt.step.package);
        verify::step(attempt.step, &subject)
    }
}

/// Lays the attempt's files, and the solution's where it has none.
fn lay(scratch: &Scratch, attempt: &Attempt) -> anyhow::Result<()> {
    const OWN: [&str; 4] = ["Dockerfile", "app.yaml", "healthcheck.rs", "main.rs"];
    let (root, step) = (workspace(), Path::new(attempt.step.folder));
    for entry in fs::read_dir(&attempt.path)? {
        let name = entry?.file_name();
        if !OWN.iter().any(|own| name == *own) {
            bail!("{} is not laid anywhere", name.display());
        }
    }
    let given = |name: &str| Some(attempt.path.join(name)).filter(|path| path.exists());

    let healthcheck = given("healthcheck.rs").unwrap_or(root.join("solutions/src/healthcheck.rs"));
    scratch.lay(&healthcheck, step.join("src/healthcheck.rs"))?;
    let main = given("main.rs").unwrap_or(root.join(step).join("src/main.rs"));
    scratch.lay(&main, step.join("src/main.rs"))?;

    let mut dockerfile = fs::read_to_string(root.join("solutions/Dockerfile"))?;
    if let Some(last_stage) = given("Dockerfile") {
        let build = dockerfile
            .rfind("\nFROM ")
            .context("the solution's Dockerfile has no last stage")?;
        dockerfile.truncate(build + 1);
        dockerfile.push_str(&fs::read_to_string(last_stage)?);
    }
    fs::write(scratch.root().join("Dockerfile"), dockerfile)?;

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
    fs::write(scratch.root().join("compose.yaml"), compose)?;
    Ok(())
}
