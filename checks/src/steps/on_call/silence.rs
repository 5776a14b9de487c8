//! Which alerts silence which.

use crate::{check::Failure, harness::random::random_word, tools::alertmanager::matcher::Labels};

use super::{
    alerts::{
        DATABASE, ERRORS, GONE, JOB, MEMORY, POOL, invented, labels, namesakes, with_instance,
    },
    context::Context,
    walk::place,
};

pub fn of_the_database(context: &Context) -> Result<(), Failure> {
    let (source, target) = (labels(DATABASE, JOB), labels(ERRORS, JOB));
    is_silenced(context, &source, &target)
}

/// With an instance, as from `up == 0`, and without one, as from `absent(up)`.
pub fn of_a_gone_target(context: &Context) -> Result<(), Failure> {
    let gone = labels(GONE, JOB);
    for source in [gone.clone(), with_instance(gone)] {
        for target in [labels(ERRORS, JOB), labels(DATABASE, JOB)] {
            is_silenced(context, &source, &target)?;
        }
    }
    Ok(())
}

fn is_silenced(context: &Context, source: &Labels, target: &Labels) -> Result<(), Failure> {
    if context.config.silences(source, target) {
        return Ok(());
    }
    let rules = &context.config.inhibit_rules;
    let without = |labels: &Labels| {
        let mut labels = labels.clone();
        labels.remove("instance");
        labels
    };
    let on_both_sides = rules
        .iter()
        .find(|rule| rule.takes_for_both(source) && rule.takes_for_both(target));
    let cause = if context.config.silences(target, source) {
        "it is the other way round: the source silences, the target is silenced".to_owned()
    } else if context.config.silences(&without(source), &without(target)) {
        "they are compared by a label that one of the two does not have".to_owned()
    } else if rules.is_empty() {
        "there are no inhibit_rules".to_owned()
    } else if let Some(rule) = on_both_sides {
        format!(
            "both match the source and the target of the rule {}: such alerts do not silence each other",
            place(rule.line)
        )
    } else {
        format!(
            "no rule has {} as its source and {} as its target",
            name(source),
            name(target)
        )
    };
    Err(Failure::new(
        format!(
            "while {} fires, nobody is told of {}",
            name(source),
            name(target)
        ),
        format!("both are told\n{}", both(source, target)),
        context.who_while(source, target),
    )
    .perhaps(cause))
}

fn both(source: &Labels, target: &Labels) -> String {
    format!(
        "{}: {}\n{}: {}",
        name(source),
        braces(source),
        name(target),
        braces(target)
    )
}

/// Causes are not silenced, and neither are alerts with another cause or those of other services.
pub fn of_nothing_else(context: &Context) -> Result<(), Failure> {
    for (source, target, why) in strangers() {
        let Some(rule) = context.config.silencer(&source, &target) else {
            continue;
        };
        return Err(Failure::new(
            format!(
                "{} is told, also while {} fires",
                name(&target),
                name(&source)
            ),
            format!(
                "the rule {} silences it\n{}",
                place(rule.line),
                both(&source, &target)
            ),
            context.who_while(&source, &target),
        )
        .perhaps(why));
    }
    Ok(())
}

/// Pairs of alerts of which the first must not silence the second, and the reason.
fn strangers() -> Vec<(Labels, Labels, &'static str)> {
    const EFFECT: &str = "an effect must not silence its cause";
    const UNRELATED: &str = "it can have a cause of its own";
    const NEW: &str =
        "an alert that a colleague adds can have a cause of its own: name what is silenced";
    const ELSEWHERE: &str = "that is another service";
    let elsewhere = random_word();
    let here = |kind| labels(kind, JOB);
    let there = |kind| labels(kind, &elsewhere);
    let mut pairs = vec![
        (here(ERRORS), here(DATABASE), EFFECT),
        (here(DATABASE), here(MEMORY), UNRELATED),
        (here(ERRORS), here(MEMORY), UNRELATED),
        (here(MEMORY), here(ERRORS), UNRELATED),
        (here(MEMORY), here(DATABASE), UNRELATED),
        (
            here(DATABASE),
            here(DATABASE),
            "two instances are two facts",
        ),
        (here(DATABASE), there(ERRORS), ELSEWHERE),
    ];
    // What a colleague adds tomorrow may have any severity.
    for severity in ["page", "ticket"] {
        for source in [here(DATABASE), here(ERRORS), here(GONE)] {
            pairs.push((source, invented(severity), NEW));
        }
        pairs.push((invented(severity), here(DATABASE), UNRELATED));
        pairs.push((invented(severity), here(ERRORS), UNRELATED));
    }
    for gone in [here(GONE), with_instance(here(GONE))] {
        for kind in [DATABASE, ERRORS, MEMORY] {
            pairs.push((here(kind), gone.clone(), EFFECT));
        }
        pairs.push((
            gone.clone(),
            here(MEMORY),
            "what a service said last can be a cause of its own",
        ));
        for kind in [DATABASE, ERRORS] {
            pairs.push((gone.clone(), there(kind), ELSEWHERE));
        }
    }
    for source in [here(DATABASE), here(GONE)] {
        pairs.push((
            source,
            here(POOL),
            "readings that wait for a lock use up the pool while the database is well",
        ));
    }
    pairs.extend(similar());
    pairs
}

/// What a colleague adds may be called similarly: it does not silence, and it is not silenced.
fn similar() -> Vec<(Labels, Labels, &'static str)> {
    const ANOTHER: &str =
        "an alert with a similar name is another alert: a pattern without an end matches it, too";
    let here = |kind| labels(kind, JOB);
    let rules = [(DATABASE, ERRORS), (GONE, ERRORS), (GONE, DATABASE)];
    let pairs = rules.map(|(source, target)| {
        let sources = namesakes(&here(source)).into_iter();
        sources.map(move |similar| (similar, here(target), ANOTHER))
    });
    // A name that goes on or begins otherwise, and all that is about the database, may be meant: not all that is high.
    let [_, _, high, _] = namesakes(&here(ERRORS));
    let silenced = [DATABASE, GONE].map(|source| (here(source), high.clone(), ANOTHER));
    pairs.into_iter().flatten().chain(silenced).collect()
}

fn name(labels: &Labels) -> &str {
    &labels["alertname"]
}

/// All labels except the name: `{job="app", severity="page"}`
fn braces(labels: &Labels) -> String {
    let pairs: Vec<String> = labels
        .iter()
        .filter(|(name, _)| *name != "alertname")
        .map(|(name, value)| format!("{name}={value:?}"))
        .collect();
    format!("{{{}}}", pairs.join(", "))
}
