//! What a program logs at its end, and on which stream.

#[cfg(unix)]
use std::time::Duration;

use super::service::RunningService;
#[cfg(unix)]
use super::{event::Event, row};
#[cfg(unix)]
use crate::{
    check::Failure,
    harness::{
        log::{Line, Stream},
        text::{printable, varying},
    },
};

/// The time limit for an idle program to stop.
#[cfg(unix)]
const STOP_LIMIT: Duration = Duration::from_secs(5);

/// Stops the program, and checks its last lines and the stream of all of them.
pub fn check_all(service: RunningService) {
    let results = service.context.results;
    #[cfg(unix)]
    results.check(row::LOGS_THE_STOP, || logs_the_stop(&service));
    #[cfg(not(unix))]
    results.blocked(row::LOGS_THE_STOP, "there is no SIGTERM on this system");
    results.check(row::WRITES_TO_STDOUT, || {
        let lines = service.program.log.lines(0);
        let on_stderr = |line: &&Line| line.stream == Stream::Stderr;
        match lines.iter().find(on_stderr) {
            None => Ok(()),
            Some(line) => Err(service.failure(
                "",
                "every line on stdout, and nothing on stderr".to_owned(),
                format!(
                    "{} of {} lines on stderr; the first:\n{}",
                    varying("some", lines.iter().filter(on_stderr).count()),
                    varying("all", lines.len()),
                    printable(&line.text)
                ),
                "env_logger writes to stderr unless it is told another target",
            )),
        }
    });
}

#[cfg(unix)]
fn logs_the_stop(service: &RunningService) -> Result<(), Failure> {
    let ended = service.program.stop(STOP_LIMIT);
    // actix-web has threads and workers that stop, too.
    let stopped = |event: &Event| {
        let said = match event.text("msg") {
            "" => event.line.as_str(),
            msg => msg,
        };
        said.contains("stopped") && !said.contains("thread") && !said.contains("worker")
    };
    let events = service.events();
    if ended.is_some() && events.iter().any(stopped) {
        return Ok(());
    }
    let found = match ended {
        None => format!(
            "it still runs after {STOP_LIMIT:?}{}",
            service.program.log.tail()
        ),
        Some(status) => format!("it ended ({status}), and none of its lines says so"),
    };
    Err(service.failure(
        "(then press Ctrl-C where it runs)",
        "an event \"stopped\" as the last".to_owned(),
        found,
        "lines are kept back, and lost when the program ends",
    ))
}
