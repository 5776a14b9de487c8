//! What a program writes at its end, and where all of it went.

#[cfg(unix)]
use std::time::Duration;

#[cfg(unix)]
use super::event::Event;
use super::stage::Stage;
#[cfg(unix)]
use crate::check::Failure;
use crate::{
    http::printable,
    log::{Line, Stream},
};

/// How long a program that nobody uses may take to stop.
#[cfg(unix)]
const STOP_LIMIT: Duration = Duration::from_secs(5);

/// Asks the program to stop, and looks at its last lines, and at where they all went.
pub fn verify(stage: Stage) {
    let results = stage.scene.results;
    #[cfg(unix)]
    results.check("json-logs.logs-the-stop", || logs_the_stop(&stage));
    #[cfg(not(unix))]
    results.blocked(
        "json-logs.logs-the-stop",
        "there is no SIGTERM on this system",
    );
    results.check("json-logs.writes-to-stdout", || {
        let lines = stage.program.log.lines(0);
        let on_stderr = |line: &&Line| line.stream == Stream::Stderr;
        match lines.iter().find(on_stderr) {
            None => Ok(()),
            Some(line) => Err(stage.failure(
                "",
                "every line on stdout, and nothing on stderr".to_owned(),
                format!(
                    "{} of {} lines on stderr; the first:\n{}",
                    lines.iter().filter(on_stderr).count(),
                    lines.len(),
                    printable(&line.text)
                ),
                "env_logger writes to stderr unless it is told another target",
            )),
        }
    });
}

#[cfg(unix)]
fn logs_the_stop(stage: &Stage) -> Result<(), Failure> {
    let ended = stage.program.stop(STOP_LIMIT);
    // actix-web has threads and workers that stop, too.
    let stopped = |event: &Event| {
        let said = match event.text("msg") {
            "" => event.line.as_str(),
            msg => msg,
        };
        said.contains("stopped") && !said.contains("thread") && !said.contains("worker")
    };
    let events = stage.events();
    if ended.is_some() && events.iter().any(stopped) {
        return Ok(());
    }
    let found = match ended {
        None => format!(
            "it still runs after {STOP_LIMIT:?}{}",
            stage.program.log.tail()
        ),
        Some(status) => format!("it ended ({status}), and none of its lines says so"),
    };
    Err(stage.failure(
        "kill <its process id>, which sends SIGTERM",
        "an event \"stopped\" as the last".to_owned(),
        found,
        "lines are kept back, and lost when the program ends",
    ))
}
