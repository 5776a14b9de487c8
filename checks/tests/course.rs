//! The two rules that keep steps and solutions in step (see `CONTRIBUTING.md`), for every step.
//!
//! Where there is no Docker, the test that needs it is ignored, and says why.

mod common;
#[path = "common/docker.rs"]
mod docker;

use std::{collections::BTreeSet, fs, path::Path};

use checks::{
    alertmanager::{alertmanager, amtool},
    course::{STEPS, Step},
    report,
    verify::{self, StepReport, Subject},
};
use common::{Scratch, workspace};
use libtest_mimic::{Arguments, Failed, Trial};

/// The step that is built with Docker.
const CONTAINER: &str = "container";

fn main() {
    let blocked = docker::blocked();
    if let Some(why) = &blocked {
        eprintln!("the container is ignored, because it is built with Docker. {why}");
    }
    if let Err(why) = alertmanager().and(amtool()) {
        eprintln!("step 7 is left out. {why}");
    }
    let trials = vec![
        trial(
            "an_untouched_step_fails_its_first_check_and_the_solution_solves_it",
            an_untouched_step_fails_its_first_check_and_the_solution_solves_it,
        ),
        trial(
            "the_finished_service_passes_everything",
            the_finished_service_passes_everything,
        ),
        trial("so_it_is_with_the_container", so_it_is_with_the_container)
            .with_ignored_flag(blocked.is_some()),
        trial(
            "the_two_dockerfiles_differ_in_the_healthcheck_only",
            the_two_dockerfiles_differ_in_the_healthcheck_only,
        ),
        trial(
            "every_check_fits_its_line_and_names_a_section_to_read",
            every_check_fits_its_line_and_names_a_section_to_read,
        ),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit()
}

fn trial(name: &str, test: fn() -> anyhow::Result<()>) -> Trial {
    Trial::test(name, move || {
        test().map_err(|error| Failed::from(format!("{error:#}")))
    })
}

/// Untouched, step N passes the checks of the steps before it and fails exactly its own first one; with the solution's file
/// copied over its own, it passes them all.
fn an_untouched_step_fails_its_first_check_and_the_solution_solves_it() -> anyhow::Result<()> {
    let scratch = Scratch::new("course")?;
    for step in complete().filter(|step| can_be_checked(step)) {
        for earlier in without_docker().take_while(|earlier| earlier.number < step.number) {
            assert_passes(&look(&scratch, earlier, step.package)?);
        }
        if step.name != CONTAINER {
            assert_untouched(&look(&scratch, step, step.package)?);
        }
        for file in [Some(step.task), step.config].into_iter().flatten() {
            let solution = workspace().join("solutions").join(file);
            scratch.lay(&solution, Path::new(step.folder).join(file))?;
        }
        for step_so_far in without_docker().take_while(|earlier| earlier.number <= step.number) {
            assert_passes(&look(&scratch, step_so_far, step.package)?);
        }
    }
    Ok(())
}

/// The same for the one step whose task is also in the Dockerfile, and whose check takes an image: a minute for each package, so
/// its own and the finished one must do for all that come between.
fn so_it_is_with_the_container() -> anyhow::Result<()> {
    let scratch = docker::scratch("course-image")?;
    let Some(step) = complete().find(|step| step.name == CONTAINER) else {
        anyhow::bail!("there is no step {CONTAINER}");
    };
    assert_untouched(&look(&scratch, step, step.package)?);
    let solutions = workspace().join("solutions");
    scratch.lay(
        &solutions.join(step.task),
        Path::new(step.folder).join(step.task),
    )?;
    scratch.lay(&solutions.join("Dockerfile"), "Dockerfile")?;
    assert_passes(&look(&scratch, step, step.package)?);
    assert_passes(&look(&scratch, step, "solutions")?);
    Ok(())
}

/// What is ready made stays the same, and nothing of it is lost when the solution is copied over.
fn the_two_dockerfiles_differ_in_the_healthcheck_only() -> anyhow::Result<()> {
    const LAST_SHARED: &str = "ENTRYPOINT";
    let read = |name: &str| -> anyhow::Result<(Vec<String>, Vec<String>)> {
        let text = fs::read_to_string(workspace().join(name))?;
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let entrypoint = lines
            .iter()
            .rposition(|line| line.starts_with(LAST_SHARED))
            .ok_or_else(|| anyhow::anyhow!("{name} has no {LAST_SHARED}"))?;
        let rest = lines.split_off(entrypoint + 1);
        let rest = rest
            .into_iter()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        Ok((lines, rest.collect()))
    };
    let (yours, nothing) = read("Dockerfile")?;
    let (ours, instruction) = read("solutions/Dockerfile")?;
    assert_eq!(yours, ours);
    assert!(nothing.is_empty(), "{nothing:?} comes after the last line");
    assert!(
        matches!(instruction.as_slice(), [one] if one.starts_with("HEALTHCHECK ")),
        "{instruction:?}"
    );
    Ok(())
}

fn the_finished_service_passes_everything() -> anyhow::Result<()> {
    let scratch = Scratch::new("solutions")?;
    for step in without_docker() {
        assert_passes(&look(&scratch, step, "solutions")?);
    }
    Ok(())
}

/// What a learner is told fits 80 columns, and leads to a section that exists.
fn every_check_fits_its_line_and_names_a_section_to_read() -> anyhow::Result<()> {
    let mut ids = BTreeSet::new();
    for step in complete() {
        let readme = std::fs::read_to_string(workspace().join(step.folder).join("README.md"))?;
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
                check.needs.is_none_or(|needed| ids.contains(needed)),
                "{} needs an earlier one",
                check.id
            );
            let heading = format!("### {}", check.read);
            assert!(
                readme.lines().any(|line| line == heading),
                "{}: no section {heading:?}",
                check.id
            );
        }
    }
    Ok(())
}

fn look(scratch: &Scratch, step: &'static Step, package: &str) -> anyhow::Result<StepReport> {
    verify::step(step, &Subject::new(scratch.root(), package))
}

fn complete() -> impl Iterator<Item = &'static Step> {
    STEPS.iter()
}

/// Whether all of a step can be checked here: without Alertmanager the last of step 7 cannot.
fn can_be_checked(step: &Step) -> bool {
    step.name != "on-call" || alertmanager().and(amtool()).is_ok()
}

fn without_docker() -> impl Iterator<Item = &'static Step> {
    complete().filter(|step| step.name != CONTAINER && can_be_checked(step))
}

fn assert_untouched(report: &StepReport) {
    let first = report.step.checks[0].id;
    let failed: Vec<&str> = report.failures().map(|(check, _)| check.id).collect();
    assert_eq!(failed, [first], "{}", report::step(report));
    assert!(report.untouched(), "{}", report::step(report));
}

fn assert_passes(report: &StepReport) {
    assert!(
        report.passed(),
        "{} does not pass:\n{}",
        report.package,
        report::step(report)
    );
}
