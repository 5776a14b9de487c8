//! The whole proof, `cargo prove`: the self-check accepts every right attempt, and every wrong one fails exactly the checks that
//! its file lists; each step as it is shipped passes the checks of the steps before it; the drill and the swarm go as they should.
//! `cargo prove 5` proves one step, `cargo prove <word>` the tests with the word in their names.
//!
//! To add an attempt, add a file, see `common/attempts.rs`. The message about a wrong attempt is pinned under `tests/snapshots`;
//! `INSTA_UPDATE=always cargo prove <name>` writes a new one.

mod carry;
#[path = "../common/mod.rs"]
mod common;
mod docker;
mod drill;
mod fuzz;
#[cfg(unix)]
mod hostile;
mod image;
mod interruption;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod kill;
mod kubernetes;
mod new_step;
mod routing;

use std::{
    collections::BTreeSet,
    process::ExitCode,
    sync::{Arc, OnceLock},
};

use anyhow::{anyhow, ensure};
use checks::{
    course::{STEPS, find},
    subject::Target,
    tools::{alertmanager::NAMES, source::Source},
};
use common::{
    attempts::{Attempt, Kind, folder_name, plain, starts_and_solutions, wrong_and_right},
    programs::Programs,
    suite::{Suite, exit_code},
};
use image::Images;
use libtest_mimic::Arguments;

/// They compile, and each has its own copy of the repository.
const WORKSPACES_AT_A_TIME: usize = 2;

/// Without Docker the tests mostly wait for time limits.
const AT_A_TIME: usize = 16;

/// Whole stacks, which come first, and images: they mostly wait.
const AT_A_TIME_IN_DOCKER: usize = 6;

/// A fuzzer takes a whole core, while hostile programs are mostly waited for; how much memory the process takes is looked at.
const FUZZERS_AT_A_TIME: usize = 3;

fn main() -> anyhow::Result<ExitCode> {
    #[cfg(unix)]
    hostile::program::become_what_is_asked();
    let mut arguments = Arguments::from_args();
    let step = arguments.filter.as_deref().and_then(find);
    if let Some(step) = step {
        arguments.filter = Some(format!("{}/", folder_name(step)));
    }
    let blocked = docker::blocked();
    // One after the other: a compiler must not delay tests that wait for time limits.
    let passes = [
        workspaces(&arguments),
        attempts(&arguments)?,
        in_docker(&arguments, blocked.as_deref())?,
        damage(&arguments),
    ];
    Ok(exit_code(passes.iter().all(|passes| *passes)))
}

/// The tests that build whole workspaces, and change them.
fn workspaces(arguments: &Arguments) -> bool {
    let mut suite = Suite::with(arguments.clone(), WORKSPACES_AT_A_TIME);
    suite.add(
        "a new step is laid, and the proof holds",
        None,
        new_step::a_new_step_is_laid_and_the_proof_holds,
    );
    suite.add(
        "every feature can be carried into every later step",
        None,
        carry::every_feature_can_be_carried_into_every_later_step,
    );
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    {
        suite.add(
            "a kill at any write loses nothing",
            None,
            kill::a_kill_at_any_write_loses_nothing,
        );
        suite.add(
            "a new step that was killed is completed",
            None,
            kill::a_new_step_that_was_killed_is_completed,
        );
    }
    suite.passes()
}

/// The tests of attempts, without Docker; beside them the drill, which mostly waits.
fn attempts(arguments: &Arguments) -> anyhow::Result<bool> {
    let mut suite = Suite::with(arguments.clone(), AT_A_TIME);
    let on_path = Source::on_path("Prometheus", &["prometheus"])
        .and(Source::on_path("Alertmanager", &NAMES))
        .err();
    suite.add("drill, native", on_path.as_deref(), || {
        drill::drill(&["--native"], &drill::NATIVE)
    });
    let (mut attempts, mut unreadable) = (Vec::new(), Vec::new());
    let all = wrong_and_right()?;
    let sound = all.iter().filter_map(|(_, attempt)| attempt.as_ref().ok());
    let failed: Vec<&BTreeSet<String>> = sound.map(|attempt| &attempt.fails).collect();
    let (any, alone) = (
        failed.iter().copied().flatten().cloned().collect(),
        failed
            .iter()
            .filter(|ids| ids.len() == 1)
            .copied()
            .flatten(),
    );
    let alone: BTreeSet<String> = alone.cloned().collect();
    suite.add("every_check_refuses_some_attempt", None, move || {
        every_check_is_among(&any)
    });
    suite.add("every_check_alone_refuses_some_attempt", None, move || {
        every_check_is_among(&alone)
    });
    for (name, attempt) in all {
        match attempt {
            Ok(attempt) => attempts.push(attempt),
            Err(error) => unreadable.push((name, error)),
        }
    }
    suite.add(
        "amtool agrees about who is told",
        Source::on_path("amtool", &["amtool"]).err().as_deref(),
        routing::amtool_agrees,
    );
    kubernetes::add(&mut suite);
    for (name, error) in unreadable {
        suite.add(&name, None, move || Err(anyhow!("{error:#}")));
    }
    attempts.extend(starts_and_solutions());
    attempts.retain(|attempt| !attempt.needs_docker());
    let attempts = patient_ones_early(attempts);
    // Each step as it is shipped, and solved, with the checks of the steps before it.
    let earlier = |attempt: &Attempt| {
        let number = attempt.step.number;
        let course = matches!(attempt.kind, Kind::Start | Kind::Solution);
        let steps = STEPS
            .iter()
            .filter(move |step| course && step.number < number);
        steps.filter(|step| !step.is_container())
    };
    let name_of =
        |attempt: &Attempt, step| format!("{} passes {}", attempt.name, folder_name(step));
    let wanted = |attempt: &&Attempt| {
        let own = suite.wants(&attempt.name) && (attempt.step.lacks)().is_none();
        own || earlier(attempt).any(|step| suite.wants(&name_of(attempt, step)))
    };
    let programs = Arc::new(Programs::build(attempts.iter().filter(wanted))?);
    for attempt in attempts {
        let attempt = Arc::new(attempt);
        for step in earlier(&attempt) {
            let (name, programs) = (name_of(&attempt, step), Arc::clone(&programs));
            let attempt = Arc::clone(&attempt);
            suite.add(&name, (step.lacks)().as_deref(), move || {
                let report = attempt.report(&programs, step)?;
                ensure!(report.passed(), "{}", plain(&report));
                Ok(())
            });
        }
        let (name, lacks) = (attempt.name.clone(), (attempt.step.lacks)());
        let programs = Arc::clone(&programs);
        suite.add(&name, lacks.as_deref(), move || attempt.check(&programs));
    }
    for step in STEPS.iter().filter(|step| !step.is_container()) {
        let (name, programs) = (
            format!("{}/the finished service passes", folder_name(step)),
            Arc::clone(&programs),
        );
        suite.add(&name, (step.lacks)().as_deref(), move || {
            let root = common::workspace();
            let mut subject = step.subject(&root, Target::Finished);
            subject.built = Some(programs.finished()?);
            let report = checks::verify::step(step, &subject, true)?;
            ensure!(report.passed(), "{}", plain(&report));
            Ok(())
        });
    }
    Ok(suite.passes())
}

/// Those of step 6 wait for probes that come every 15 s. They begin early, so that nothing is left to wait for when all others are
/// done; but not all at once, for then nobody would use the processor.
fn patient_ones_early(attempts: Vec<Attempt>) -> Vec<Attempt> {
    let patient = |attempt: &Attempt| attempt.step.name == "alert-rules";
    let (patient, others): (Vec<_>, Vec<_>) = attempts.into_iter().partition(patient);
    let (mut patient, mut ordered) = (patient.into_iter(), Vec::new());
    for attempt in others {
        ordered.push(attempt);
        ordered.extend(patient.next());
    }
    ordered.extend(patient);
    ordered
}

fn every_check_is_among(ids: &BTreeSet<String>) -> anyhow::Result<()> {
    let checks = STEPS.iter().flat_map(|step| step.checks);
    let missing: Vec<&str> = checks
        .map(|check| check.id)
        .filter(|id| !ids.contains(*id))
        .collect();
    ensure!(
        missing.is_empty(),
        "no such attempt for {}",
        missing.join(", ")
    );
    Ok(())
}

/// The tests with Docker: whole stacks, and the step whose image is built.
fn in_docker(arguments: &Arguments, blocked: Option<&str>) -> anyhow::Result<bool> {
    let mut suite = Suite::with(arguments.clone(), AT_A_TIME_IN_DOCKER);
    add_stacks(&mut suite, blocked);
    add_images(&mut suite, blocked)?;
    Ok(suite.passes())
}

fn add_stacks(suite: &mut Suite, blocked: Option<&str>) {
    suite.add("drill, in Docker", blocked, || {
        drill::drill(&[], &drill::IN_DOCKER)
    });
    suite.add("swarm", blocked, drill::swarm);
    suite.add(
        "an interruption leaves nothing and touches nobody",
        blocked,
        interruption::an_interruption_leaves_nothing_and_touches_nobody,
    );
}

fn add_images(suite: &mut Suite, blocked: Option<&str>) -> anyhow::Result<()> {
    let images: Arc<OnceLock<Result<Images, String>>> = Arc::default();
    let report = move |attempt: &Attempt, target: Target| {
        let images = images.get_or_init(|| Images::new().map_err(|error| format!("{error:#}")));
        let images = images.as_ref().map_err(|error| anyhow!("{error}"))?;
        images.report(attempt, target)
    };
    let sound = wrong_and_right()?.into_iter().filter_map(|(_, it)| it.ok());
    let attempts = starts_and_solutions().chain(sound);
    for attempt in attempts.filter(Attempt::needs_docker) {
        let attempt = Arc::new(attempt);
        if attempt.kind == Kind::Solution {
            let (attempt, report) = (Arc::clone(&attempt), report.clone());
            let name = format!("{}/the finished service passes", folder_name(attempt.step));
            suite.add(&name, blocked, move || {
                attempt.judge(report(&attempt, Target::Finished)?).map(drop)
            });
        }
        let (name, report) = (attempt.name.clone(), report.clone());
        suite.add(&name, blocked, move || {
            attempt
                .judge(report(&attempt, Target::Step(attempt.step.package))?)
                .map(drop)
        });
    }
    Ok(())
}

/// Damaged texts, and hostile programs, which take longest and come first.
fn damage(arguments: &Arguments) -> bool {
    let mut suite = Suite::with(arguments.clone(), FUZZERS_AT_A_TIME);
    #[cfg(unix)]
    hostile::add(&mut suite);
    fuzz::add(&mut suite);
    suite.passes()
}
