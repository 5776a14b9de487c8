//! What the lessons and the comments in the service promise, compared with what was seen.

use crate::{common::service::Figures, scenes::Scene, seen::Seen};

/// Step 2: `/health` stays fast; its check allows half a second. In ms.
const HEALTH: f64 = 500.0;

/// Step 2: callers of `/health/db` are promised an answer within 2 s, and its own limit is 1 s. In ms.
const PROMISED: f64 = 2_000.0;
const OWN_LIMIT: f64 = 1_000.0;

/// `solutions/src/readings.rs`: the longest that a caller waits for the database. In ms.
const READINGS: f64 = 2_000.0;

/// How much later than its limit an answer may come where two processors serve 64 clients and run them, too. In ms.
const LEEWAY: f64 = 250.0;

/// Step 2: when the database is back, the 200 is back within 5 s.
const RECOVERY: f64 = 5.0;

/// By how much a later round may exceed the one before it without being taken for growth, and memory, in MB.
const MORE: usize = 4;
const MORE_MEMORY: f64 = 1.0;

/// What was promised and not kept, one sentence each.
pub fn broken(scene: &Scene, seen: &Seen) -> Vec<String> {
    let answers = &seen.answers;
    let recovered = seen.recovered.as_secs_f64();
    let bounds = [
        ("`/health` p99, in ms", answers.health.p99(), HEALTH),
        (
            "the longest `/health/db`, in ms",
            answers.database.longest(),
            PROMISED,
        ),
        (
            "the longest `/health/db`, in ms, beyond its own limit",
            answers.database.longest(),
            OWN_LIMIT + LEEWAY,
        ),
        (
            "the longest `/readings`, in ms",
            answers.readings.longest(),
            READINGS + LEEWAY,
        ),
        ("the recovery, in s", recovered, RECOVERY),
    ];
    let missed = bounds.iter().filter(|(_, found, most)| found > most);
    let mut broken: Vec<String> = missed
        .map(|(what, found, most)| {
            format!(
                "{}: {what}: {found:.1}, and not at most {most:.0}",
                scene.name
            )
        })
        .collect();
    let health = &answers.health.statuses;
    if health.keys().any(|status| status != "200") {
        broken.push(format!(
            "{}: `/health` said {}",
            scene.name,
            answers.health.list()
        ));
    }
    for (name, statuses) in [
        ("/health/db", &answers.database.statuses),
        ("/readings", &answers.readings.statuses),
    ] {
        // The fake server keeps no readings.
        let expected = |status: &str| match status {
            "200" | "201" | "503" => true,
            "404" => scene.fake,
            _ => false,
        };
        let other = |status: &&String| !expected(status);
        if let Some(status) = statuses.keys().find(other) {
            broken.push(format!("{}: `{name}` said {status}", scene.name));
        }
    }
    broken.extend(grown(scene, seen));
    broken
}

/// What was more in each round than in the one before.
fn grown(scene: &Scene, seen: &Seen) -> Vec<String> {
    let grows = |rounds: &[Figures], more: fn(&Figures, &Figures) -> bool| {
        rounds.len() > 1 && rounds.windows(2).all(|pair| more(&pair[0], &pair[1]))
    };
    let kinds = [
        (
            "threads",
            grows(&seen.most, |one, next| next.threads > one.threads + MORE),
        ),
        (
            "descriptors",
            grows(&seen.most, |one, next| {
                next.descriptors > one.descriptors + MORE
            }),
        ),
        (
            "memory",
            grows(&seen.after, |one, next| {
                next.memory > one.memory + MORE_MEMORY
            }),
        ),
    ];
    let grown = kinds.iter().filter(|(_, grows)| *grows);
    grown
        .map(|(what, _)| format!("{}: the {what} grow from round to round", scene.name))
        .collect()
}
