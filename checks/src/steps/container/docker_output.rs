//! Docker's output, made readable.

use crate::{harness::text::printable, tools::compose::Probe};

/// The last lines that are not empty, below `title`.
pub fn tail(title: &str, text: &str, lines: usize) -> String {
    let written: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty() && !is_progress(line))
        .collect();
    let mut tail = match (title, written.is_empty()) {
        ("", _) => String::new(),
        (_, true) => "\nit has written no log".to_owned(),
        (title, false) => format!("\n{title}"),
    };
    for line in &written[written.len().saturating_sub(lines)..] {
        tail.push('\n');
        tail.push_str(&printable(without_clock(line.trim_end())));
    }
    tail
}

/// The output of the build step that failed, or all of it if there is none.
pub fn of_the_failed_step(build: &str) -> String {
    let failed = build.lines().find_map(|line| {
        let (step, said) = line.split_once(' ')?;
        (step.starts_with('#') && said.starts_with("ERROR")).then_some(step)
    });
    let Some(failed) = failed else {
        return build.to_owned();
    };
    let own = build
        .lines()
        .filter(|line| line.split_once(' ').is_some_and(|(step, _)| step == failed));
    own.collect::<Vec<_>>().join("\n")
}

/// Whether this is a progress line of Compose: ` Container db-1  Started`
fn is_progress(line: &str) -> bool {
    const THINGS: [&str; 3] = [" Container ", " Network ", " Volume "];
    THINGS.iter().any(|thing| line.starts_with(thing)) && !line.ends_with("Error")
}

/// A line of a build without its prefix of step and time: `#8 0.804 Caused by:`
fn without_clock(line: &str) -> &str {
    let said = line
        .strip_prefix('#')
        .and_then(|rest| rest.split_once(' '))
        .map(|(_, said)| said);
    let said = said.unwrap_or(line);
    match said.split_once(' ') {
        Some((time, said)) if time.contains('.') && time.parse::<f64>().is_ok() => said,
        _ => said,
    }
}

/// The output of a probe, to be appended to the state that it led to.
pub fn described(probe: Option<&Probe>) -> String {
    let Some(probe) = probe else {
        return ", before any probe has ended".to_owned();
    };
    format!(
        "; the last probe ended with exit code {}:\n{}",
        probe.exit_code,
        last_line(&probe.output)
    )
}

/// The last line of a probe's output. curl prints progress with carriage returns, and the error after it.
pub fn last_line(output: &str) -> String {
    let last = output
        .split(['\r', '\n'])
        .rfind(|line| !line.trim().is_empty());
    last.map_or("(no output)".to_owned(), |line| printable(line.trim()))
}

pub fn likely_cause(probe: &Probe) -> Option<String> {
    let output = probe.output.as_str();
    let missing = output.contains("not found") || output.contains("no such file");
    let cause = if output.contains("not written yet") {
        "this is the stub's answer: src/healthcheck.rs is waiting for you"
    } else if output.contains("cannot listen") {
        "the probe starts a second server: which word does main.rs look for?"
    } else if missing && output.contains("/bin/sh\"") {
        "a command that is not a JSON array (brackets, double quotes) is run by a shell, and this image has none"
    } else if missing && output.contains(" healthcheck\"") {
        "the array has one string where it needs two: the path, and the word"
    } else if missing {
        "the probe runs inside the container, and that program is not in the image"
    } else if output.contains("exceeded timeout") {
        "the probe waits longer than it may"
    } else if output.contains("refused") || output.contains("connect to") {
        "no server listens where the probe asks: on which port does yours listen?"
    } else {
        return None;
    };
    Some(cause.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{of_the_failed_step, tail};

    #[test]
    fn the_last_lines_of_a_build_are_shown_without_its_clock() {
        let build = "#7 [app build 1/4] FROM rust\n#8 0.804 error: no such file\n\n#8 ERROR: exit code: 101\n";
        assert_eq!(
            tail("", build, 2),
            "\nerror: no such file\nERROR: exit code: 101"
        );
        assert_eq!(
            of_the_failed_step(build),
            "#8 0.804 error: no such file\n#8 ERROR: exit code: 101"
        );
        assert_eq!(of_the_failed_step("no builder"), "no builder");
        assert_eq!(tail("its log:", "\n", 2), "\nit has written no log");
    }
}
