//! What all the checks of this step share.

use crate::{
    check::{Check, Results, Stop},
    subject::{Subject, Target},
    tools::compose::Project,
};

/// The service whose program does not listen where it should.
pub const WRONG_PORT: &str = "wrong-port";

/// Overlay for the learner's `compose.yaml`: an image of our own, and shorter times, so that the checks do not take minutes.
/// The test of the health check and its timeout stay the learner's.
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
  wrong-port:
    image: {image}
    profiles: [wrong-port]
    environment:
      PORT: '0'
    network_mode: none
    healthcheck:
      interval: 500ms
      timeout: 5s
      start_period: 1ms
      retries: 2
";

/// One stack, and where to record the outcomes.
pub struct Context<'a> {
    pub project: Project,
    pub results: &'a Results,
    /// How the learner starts the same stack: `PACKAGE=step03 docker compose`.
    pub compose: String,
    /// How the learner builds the same image: `docker build . …`
    pub build: String,
}

impl Context<'_> {
    pub fn new<'a>(subject: &'a Subject, results: &'a Results) -> anyhow::Result<Context<'a>> {
        let target = subject.target;
        let package = target.package();
        let (compose, build) = match target {
            Target::Finished => (
                "docker compose --env-file solutions/demo.env".to_owned(),
                "docker build . -f solutions/Dockerfile",
            ),
            Target::Step(_) => (
                format!("PACKAGE={package} docker compose"),
                "docker build .",
            ),
        };
        Ok(Context {
            project: Project::new(subject.root, package, target.dockerfile(), OVERLAY)?,
            results,
            compose,
            build: format!("{build} --build-arg PACKAGE={package}"),
        })
    }

    /// The learner's command for a part of the image.
    pub fn inspects(&self, part: &str) -> String {
        let build = &self.build;
        format!("{build} -t mine\ndocker inspect -f '{{{{json {part}}}}}' mine")
    }

    /// [`Results::try_check`], with this context.
    pub fn check(
        &self,
        check: &'static Check,
        look: impl FnOnce(&Context) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        self.results.try_check(check, || look(self)).map(drop)
    }
}
