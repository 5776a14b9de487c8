//! What all the checks of this step share.

use crate::{
    check::{Failure, Results},
    compose::Project,
    verify::{Blocked, Subject},
};

/// The service whose program does not listen where it should.
pub const DEAF: &str = "deaf";

/// What is laid over the learner's `compose.yaml`: an image of our own, and shorter times, so that nobody waits for minutes.
/// What is asked stays the learner's, and so does the time that an answer may take.
const OVERLAY: &str = "
services:
  app:
    image: {image}
    healthcheck:
      interval: 500ms
      timeout: 5s
      start_period: 5s
      start_interval: 500ms
      retries: 2
  deaf:
    image: {image}
    profiles: [deaf]
    environment:
      PORT: '0'
    network_mode: none
    healthcheck:
      interval: 500ms
      timeout: 5s
      start_period: 1ms
      retries: 2
";

/// One stack, and whom to tell about it.
pub struct Scene<'a> {
    pub project: Project,
    pub results: &'a Results,
    /// How the learner starts the same: `PACKAGE=step03 docker compose`.
    pub compose: String,
    /// How the learner builds the same image: `docker build . …`
    pub build: String,
}

impl Scene<'_> {
    pub fn new<'a>(subject: &'a Subject, results: &'a Results) -> anyhow::Result<Scene<'a>> {
        let package = subject.package;
        let (compose, build) = match package {
            "solutions" => (
                "docker compose --env-file solutions/demo.env".to_owned(),
                "docker build . -f solutions/Dockerfile",
            ),
            _ => (
                format!("PACKAGE={package} docker compose"),
                "docker build .",
            ),
        };
        Ok(Scene {
            project: Project::new(subject.root, package, OVERLAY)?,
            results,
            compose,
            build: format!("{build} --build-arg PACKAGE={package}"),
        })
    }

    /// [`Results::check`], for a look that can also find trouble which is nobody's failure: that ends the whole step.
    pub fn check(
        &self,
        id: &str,
        look: impl FnOnce(&Scene) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        let mut trouble = None;
        self.results.check(id, || {
            look(self).map_err(|found| match found {
                Trouble::Failed(failure) => failure,
                other => {
                    trouble = Some(other);
                    // Nobody sees it: there is no report about a step that ends in trouble.
                    failure("", "", "")
                }
            })
        });
        trouble.map_or(Ok(()), Err)
    }
}

/// Why a look did not find what it looked for.
pub enum Trouble {
    /// The learner is not there yet.
    Failed(Failure),
    /// The machine does not allow it.
    Blocked(Blocked),
    /// Docker does not do what it is asked.
    Broken(anyhow::Error),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Trouble {
        Trouble::Failed(failure)
    }
}

impl From<anyhow::Error> for Trouble {
    fn from(error: anyhow::Error) -> Trouble {
        Trouble::Broken(error)
    }
}

pub fn failure(
    expected: impl Into<String>,
    found: impl Into<String>,
    how: impl Into<String>,
) -> Failure {
    Failure {
        expected: expected.into(),
        found: found.into(),
        how: how.into(),
        perhaps: None,
    }
}
