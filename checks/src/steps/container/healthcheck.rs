//! The HEALTHCHECK as Docker understands it.

use std::{fmt, time::Duration};

use super::context::Context;
use crate::{
    check::{Failure, Stop},
    tools::compose::Healthcheck,
};

/// Docker's defaults.
const DEFAULT: Duration = Duration::from_secs(30);
const DEFAULT_RETRIES: u32 = 3;

pub fn is_there(context: &Context) -> Result<(), Stop> {
    let config = context.project.image_config()?;
    if let Some(program) = config.probe().first() {
        return is_found_anywhere(context, program);
    }
    let failure = Failure::new(
        "a HEALTHCHECK in the image",
        "the image has none: started without this compose.yaml, nothing says how it is",
        how(context),
    );
    let perhaps = "it stands in compose.yaml, or in a stage of the Dockerfile that is not the last";
    Err(failure.perhaps(perhaps).into())
}

/// A program with a `/` in its name is not looked for on the PATH: where it begins decides.
fn is_found_anywhere(context: &Context, program: &str) -> Result<(), Stop> {
    if program.starts_with('/') || !program.contains('/') {
        return Ok(());
    }
    Err(Failure::new(
        "a HEALTHCHECK that names its program as ENTRYPOINT does, from / on",
        format!("CMD {program}"),
        how(context),
    )
    .perhaps("it is found from the working directory only: started with another one, the container never becomes healthy")
    .into())
}

pub fn timings(context: &Context) -> Result<(), Stop> {
    let config = context.project.image_config()?;
    let Some(check) = config.healthcheck() else {
        return is_there(context);
    };
    let timings = Timings::of(check);
    let start_interval = Duration::from_nanos(check.start_interval);
    let is_soon = !start_interval.is_zero() && start_interval <= LONGEST_START_INTERVAL;
    if timings == LESSON && is_soon {
        return Ok(());
    }
    let mut causes = timings.likely_causes();
    let (expected, mut found) = (format!("{LESSON} --start-interval=1s"), timings.to_string());
    if start_interval.is_zero() {
        causes.push("without --start-interval, an older Docker asks for the first time after 30 s");
    } else {
        found.push_str(&format!(" --start-interval={start_interval:?}"));
        if !is_soon {
            causes.push(
                "the first probe comes after one start interval: until then it is not healthy",
            );
        }
    }
    Err(Failure::new(expected, found, how(context))
        .perhaps_if((!causes.is_empty()).then(|| causes.join("\n")))
        .into())
}

fn how(context: &Context) -> String {
    context.inspects(".Config.Healthcheck")
}

/// The lesson's is 1 s. Docker's own default, for those who know it.
const LONGEST_START_INTERVAL: Duration = Duration::from_secs(5);

/// The effective values.
#[derive(Debug, PartialEq)]
struct Timings {
    interval: Duration,
    timeout: Duration,
    start_period: Duration,
    retries: u32,
}

const LESSON: Timings = Timings {
    interval: Duration::from_secs(30),
    timeout: Duration::from_secs(5),
    start_period: Duration::from_secs(10),
    retries: 3,
};

impl Timings {
    fn of(check: &Healthcheck) -> Timings {
        let or_default = |nanoseconds| match nanoseconds {
            0 => DEFAULT,
            said => Duration::from_nanos(said),
        };
        Timings {
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
        if self.retries < LESSON.retries {
            causes.push("a single late answer makes a busy service unhealthy");
        }
        causes
    }
}

/// As they would be written, including the defaults.
impl fmt::Display for Timings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Timings {
            interval,
            timeout,
            start_period,
            retries,
        } = self;
        // Not 0ns.
        let start_period = if start_period.is_zero() {
            "0s".to_owned()
        } else {
            format!("{start_period:?}")
        };
        write!(
            f,
            "--interval={interval:?} --timeout={timeout:?} --start-period={start_period} --retries={retries}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{LESSON, Timings};
    use crate::tools::compose::Healthcheck;

    #[test]
    fn what_is_not_said_is_what_docker_takes_for_it() {
        let check = Healthcheck {
            timeout: 5_000_000_000,
            start_period: 10_000_000_000,
            ..Healthcheck::default()
        };
        assert_eq!(Timings::of(&check), LESSON);
        assert_eq!(
            Timings::of(&Healthcheck::default()).to_string(),
            "--interval=30s --timeout=30s --start-period=0s --retries=3"
        );
    }
}
