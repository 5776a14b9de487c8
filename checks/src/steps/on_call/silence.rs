//! Which alerts silence which.

use crate::{alertmanager::config::Labels, check::Failure, steps::random_word};

use super::{
    alerts::{DATABASE, ERRORS, GONE, JOB, MEMORY, labels, with_instance},
    scene::{Scene, failure},
};

pub fn of_the_database(scene: &Scene) -> Result<(), Failure> {
    let (source, target) = (labels(DATABASE, JOB), labels(ERRORS, JOB));
    is_silenced(scene, &source, &target)
}

/// With an instance, as `up == 0` has, and without one, as `absent(up)`.
pub fn of_a_gone_target(scene: &Scene) -> Result<(), Failure> {
    let gone = labels(GONE, JOB);
    for source in [gone.clone(), with_instance(gone)] {
        for target in [labels(ERRORS, JOB), labels(DATABASE, JOB)] {
            is_silenced(scene, &source, &target)?;
        }
    }
    Ok(())
}

fn is_silenced(scene: &Scene, source: &Labels, target: &Labels) -> Result<(), Failure> {
    if scene.config.silences(source, target) {
        return Ok(());
    }
    let rules = scene.config.inhibit_rules.len();
    let without = |labels: &Labels| {
        let mut labels = labels.clone();
        labels.remove("instance");
        labels
    };
    let cause = if scene.config.silences(target, source) {
        Some("it is the other way round: the source silences, the target is silenced")
    } else if scene.config.silences(&without(source), &without(target)) {
        Some("they are compared by a label that one of the two does not have")
    } else if rules == 0 {
        Some("there are no inhibit_rules")
    } else {
        None
    };
    Err(failure(
        format!(
            "while {} fires, nobody is told of {}",
            name(source),
            name(target)
        ),
        format!(
            "both are told\n{}: {}\n{}: {}",
            name(source),
            braces(source),
            name(target),
            braces(target)
        ),
        scene.fire(&[source, target]),
    )
    .perhaps(cause))
}

/// Causes are told, and what has another cause, and what happens elsewhere.
pub fn of_nothing_else(scene: &Scene) -> Result<(), Failure> {
    let elsewhere = random_word();
    let [database, errors, memory] = [DATABASE, ERRORS, MEMORY].map(|kind| labels(kind, JOB));
    let gone = labels(GONE, JOB);
    let both = [gone.clone(), with_instance(gone)];
    let mut pairs = vec![
        (
            errors.clone(),
            database.clone(),
            "an effect must not silence its cause",
        ),
        (
            database.clone(),
            memory.clone(),
            "one says nothing about the other",
        ),
        (
            errors.clone(),
            memory.clone(),
            "one says nothing about the other",
        ),
        (
            memory.clone(),
            errors.clone(),
            "one says nothing about the other",
        ),
        (
            memory.clone(),
            database.clone(),
            "one says nothing about the other",
        ),
        (
            database.clone(),
            labels(DATABASE, JOB),
            "two instances are two facts",
        ),
        (
            database.clone(),
            labels(ERRORS, &elsewhere),
            "that is another service",
        ),
    ];
    for gone in both {
        for source in [&database, &errors, &memory] {
            pairs.push((
                source.clone(),
                gone.clone(),
                "an effect must not silence its cause",
            ));
        }
        for kind in [DATABASE, ERRORS] {
            pairs.push((
                gone.clone(),
                labels(kind, &elsewhere),
                "that is another service",
            ));
        }
    }
    for (source, target, why) in pairs {
        if scene.config.silences(&source, &target) {
            return Err(failure(
                format!(
                    "{} is told, also while {} fires",
                    name(&target),
                    name(&source)
                ),
                format!(
                    "it is silenced\n{}: {}\n{}: {}",
                    name(&source),
                    braces(&source),
                    name(&target),
                    braces(&target)
                ),
                scene.fire(&[&source, &target]),
            )
            .perhaps(Some(why)));
        }
    }
    Ok(())
}

fn name(labels: &Labels) -> &str {
    &labels["alertname"]
}

/// All but the name: `{job="app", severity="page"}`
fn braces(labels: &Labels) -> String {
    let pairs: Vec<String> = labels
        .iter()
        .filter(|(name, _)| *name != "alertname")
        .map(|(name, value)| format!("{name}={value:?}"))
        .collect();
    format!("{{{}}}", pairs.join(", "))
}
