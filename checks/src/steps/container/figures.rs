//! The HEALTHCHECK as Docker has understood it.

use std::{fmt, time::Duration};

use super::scene::{Scene, Trouble, failure};
use crate::{check::Failure, compose::Healthcheck};

/// What Docker takes for what is not said.
const DEFAULT: Duration = Duration::from_secs(30);
const DEFAULT_RETRIES: u32 = 3;

pub fn are_there(scene: &Scene) -> Result<(), Trouble> {
    if scene.project.image_config()?.healthcheck().is_some() {
        return Ok(());
    }
    let failure = failure(
        "a HEALTHCHECK in the image",
        "the image has none: started without this compose.yaml, nothing says how it is",
        how(scene),
    );
    let perhaps = "it stands in compose.yaml, or in a stage of the Dockerfile that is not the last";
    Err(Failure {
        perhaps: Some(perhaps.to_owned()),
        ..failure
    }
    .into())
}

pub fn are_right(scene: &Scene) -> Result<(), Trouble> {
    let config = scene.project.image_config()?;
    let Some(check) = config.healthcheck() else {
        return are_there(scene);
    };
    let figures = Figures::of(check);
    if figures == LESSON {
        return Ok(());
    }
    let mut causes = figures.likely_causes();
    if check.start_interval == 0 {
        causes.push(
            "--start-interval is not said: whoever starts it waits long for the first answer",
        );
    }
    Err(Failure {
        perhaps: (!causes.is_empty()).then(|| causes.join("\n")),
        ..failure(LESSON.to_string(), figures.to_string(), how(scene))
    }
    .into())
}

fn how(scene: &Scene) -> String {
    let build = &scene.build;
    format!("{build} -t mine\ndocker inspect -f '{{{{json .Config.Healthcheck}}}}' mine")
}

/// What Docker goes by.
#[derive(Debug, PartialEq)]
struct Figures {
    interval: Duration,
    timeout: Duration,
    start_period: Duration,
    retries: u32,
}

const LESSON: Figures = Figures {
    interval: Duration::from_secs(30),
    timeout: Duration::from_secs(5),
    start_period: Duration::from_secs(10),
    retries: 3,
};

impl Figures {
    fn of(check: &Healthcheck) -> Figures {
        let or_default = |nanoseconds| match nanoseconds {
            0 => DEFAULT,
            said => Duration::from_nanos(said),
        };
        Figures {
            interval: or_default(check.interval),
            timeout: or_default(check.timeout),
            start_period: Duration::from_nanos(check.start_period),
            retries: match check.retries {
                0 => DEFAULT_RETRIES,
                said => said,
            },
        }
    }

    fn likely_causes(&self) -> Vec<&'static str> {
        let mut causes = Vec::new();
        if self.interval == LESSON.timeout && self.timeout == LESSON.interval {
            causes
                .push("these two look swapped: it asks every interval, and waits for the timeout");
        }
        if self.start_period.is_zero() {
            causes.push("without a start period the failures of a slow start count");
        }
        causes
    }
}

/// As one would write them, those too that were not said.
impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Figures {
            interval,
            timeout,
            start_period,
            retries,
        } = self;
        // Not 0ns.
        let start_period = match start_period.is_zero() {
            true => "0s".to_owned(),
            false => format!("{start_period:?}"),
        };
        write!(
            f,
            "--interval={interval:?} --timeout={timeout:?} --start-period={start_period} --retries={retries}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Figures, LESSON};
    use crate::compose::Healthcheck;

    #[test]
    fn what_is_not_said_is_what_docker_takes_for_it() {
        let check = Healthcheck {
            timeout: 5_000_000_000,
            start_period: 10_000_000_000,
            ..Healthcheck::default()
        };
        assert_eq!(Figures::of(&check), LESSON);
        assert_eq!(
            Figures::of(&Healthcheck::default()).to_string(),
            "--interval=30s --timeout=30s --start-period=0s --retries=3"
        );
    }
}
