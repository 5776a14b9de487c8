//! The quick proof, on any machine: each step as it is shipped fails its first check, its solution passes, and a few of the
//! attempts are rejected or accepted as they should be. `cargo prove` tries all of them.
//!
//! Nothing here reads `steps/`, which belongs to the learner, except the titles of sections in the lessons.

#[path = "../common/mod.rs"]
mod common;

use std::{collections::BTreeSet, fs, process::ExitCode, sync::Arc};

use anyhow::ensure;
use checks::course::STEPS;
use common::{
    attempts::{Attempt, starts_and_solutions, wrong_and_right},
    programs::Programs,
    scratch::start_of,
    suite::Suite,
    workspace,
};

/// A few attempts at each step, wrong and right, that take little time to check.
const A_FEW: [&str; 14] = [
    "01-health/right/more-fields",
    "01-health/wrong/answers-204",
    "01-health/wrong/forgets-head",
    "02-db-health/right/response-error",
    "02-db-health/wrong/says-200-when-down",
    "04-json-logs/right/map-instead-of-struct",
    "04-json-logs/wrong/forgets-the-module",
    "05-metrics/right/by-hand",
    "05-metrics/wrong/declares-no-type",
    "05-metrics/wrong/measures-milliseconds",
    "06-alert-rules/right/pages-for-memory",
    "06-alert-rules/wrong/fires-at-half-a-percent",
    "07-on-call/right/hours-in-utc",
    "07-on-call/wrong/forgets-send-resolved",
];

/// The tests mostly wait for time limits.
const AT_A_TIME: usize = 4;

fn main() -> anyhow::Result<ExitCode> {
    let mut suite = Suite::new(AT_A_TIME);
    suite.add(
        "every_check_fits_its_line_and_names_a_section_to_read",
        None,
        every_check_fits_its_line_and_names_a_section_to_read,
    );
    suite.add(
        "the_two_dockerfiles_differ_in_the_healthcheck_only",
        None,
        the_two_dockerfiles_differ_in_the_healthcheck_only,
    );

    let mut attempts: Vec<Attempt> = starts_and_solutions().collect();
    let few: BTreeSet<&str> = A_FEW.into();
    let mut found = 0;
    for (name, attempt) in wrong_and_right()? {
        if few.contains(name.as_str()) {
            attempts.push(attempt?);
            found += 1;
        }
    }
    ensure!(
        found == few.len(),
        "{} attempts are gone",
        few.len() - found
    );
    attempts.retain(|attempt| suite.wants(&attempt.name));

    let programs =
        Arc::new(Programs::build(attempts.iter().filter(|attempt| {
            !attempt.needs_docker() && (attempt.step.lacks)().is_none()
        }))?);
    let in_docker = "it is built with Docker, see `cargo prove container`";
    for attempt in attempts {
        let lacks = if attempt.needs_docker() {
            Some(in_docker.to_owned())
        } else {
            (attempt.step.lacks)()
        };
        let programs = Arc::clone(&programs);
        suite.add(&attempt.name.clone(), lacks.as_deref(), move || {
            attempt.check(&programs)
        });
    }
    Ok(suite.run())
}

/// The ready-made part stays the same, and is not lost when the solution is copied over it.
fn the_two_dockerfiles_differ_in_the_healthcheck_only() -> anyhow::Result<()> {
    const LAST_SHARED: &str = "ENTRYPOINT";
    let read = |path| -> anyhow::Result<(Vec<String>, Vec<String>)> {
        let text = fs::read_to_string(path)?;
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let entrypoint = lines
            .iter()
            .rposition(|line| line.starts_with(LAST_SHARED))
            .ok_or_else(|| anyhow::anyhow!("a Dockerfile without {LAST_SHARED}"))?;
        let rest = lines.split_off(entrypoint + 1);
        let rest = rest
            .into_iter()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        Ok((lines, rest.collect()))
    };
    let container = STEPS.iter().find(|step| step.is_container());
    let start = start_of(container.map_or("", |step| step.folder));
    let (yours, nothing) = read(start.join("Dockerfile"))?;
    let (ours, instruction) = read(workspace().join("solutions/Dockerfile"))?;
    assert_eq!(yours, ours);
    assert!(nothing.is_empty(), "{nothing:?} comes after the last line");
    assert!(
        matches!(instruction.as_slice(), [one] if one.starts_with("HEALTHCHECK ")),
        "{instruction:?}"
    );
    Ok(())
}

/// The messages for a learner fit 80 columns, and refer to a section that exists.
fn every_check_fits_its_line_and_names_a_section_to_read() -> anyhow::Result<()> {
    let mut ids = BTreeSet::new();
    for step in STEPS {
        let readme = fs::read_to_string(workspace().join(step.folder).join("README.md"))?;
        for check in step.checks {
            assert!(ids.insert(check.id), "{} is there twice", check.id);
            assert!(
                check.id.starts_with(&format!("{}.", step.name)),
                "{} begins with its step",
                check.id
            );
            assert!(
                check.id.len() <= 35 && check.title.chars().count() <= 40,
                "{} is too long",
                check.id
            );
            assert!(
                check.needs.is_none_or(|needed| ids.contains(needed.id)),
                "{} needs an earlier one",
                check.id
            );
            let heading = format!("### {}", check.lesson_section);
            assert!(
                readme.lines().any(|line| line == heading),
                "{}: no section {heading:?}",
                check.id
            );
        }
    }
    Ok(())
}
