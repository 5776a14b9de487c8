//! What promtool has played.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    iter,
    sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError},
    thread,
};

use anyhow::anyhow;

use super::{
    AlertStates, EXPRESSIONS, INTERVALS, answers, head,
    inputs::{self, Input},
    texts, what_fired,
};
use crate::{
    harness::threads::joined,
    steps::alert_rules::{rules::Rules, scenarios::SCENARIOS, scrape::Scrape},
    tools::prometheus::promtool::{Promtool, RULES, TESTS},
};

/// The states of the alerts in each scenario, or why promtool did not say them.
type Played = Arc<OnceLock<Result<Vec<AlertStates>, String>>>;

/// By the rules, and by the rest of what promtool reads. It is asked once about the same files: where many rules are checked one
/// after the other, most of their alerts are alike.
static PLAYED: LazyLock<Mutex<BTreeMap<(String, u64), Played>>> = LazyLock::new(Mutex::default);

/// Plays all scenarios to each of these parts of a file, as many at a time as the machine has processors: promtool uses one.
///
/// # Errors
/// When promtool does not say what it saw.
pub fn beside_each_other(
    promtool: &Promtool,
    scrape: &Scrape,
    parts: &[Rules],
) -> anyhow::Result<Vec<Vec<AlertStates>>> {
    let at_a_time = thread::available_parallelism().map_or(1, usize::from);
    let next = Mutex::new(parts.iter().enumerate());
    let play = || {
        let next = || next.lock().unwrap_or_else(PoisonError::into_inner).next();
        let parts = iter::from_fn(next);
        let played = parts.map(|(number, part)| Ok((number, once(promtool, scrape, part)?)));
        played.collect::<anyhow::Result<Vec<_>>>()
    };
    let mut all = Vec::new();
    thread::scope(|scope| -> anyhow::Result<()> {
        let players: Vec<_> = (0..at_a_time).map(|_| scope.spawn(play)).collect();
        for player in players {
            all.extend(joined(player)?);
        }
        Ok(())
    })?;
    all.sort_by_key(|(number, _)| *number);
    Ok(all.into_iter().map(|(_, states)| states).collect())
}

/// Plays all scenarios to these rules, unless that was done before.
fn once(promtool: &Promtool, scrape: &Scrape, rules: &Rules) -> anyhow::Result<Vec<AlertStates>> {
    let tests = tests(scrape, rules);
    let mut hasher = DefaultHasher::new();
    tests.hash(&mut hasher);
    let key = (rules.text.clone(), hasher.finish());
    let played = {
        let mut all = PLAYED.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(key).or_default())
    };
    let states = played
        .get_or_init(|| play(promtool, &rules.text, &tests).map_err(|error| format!("{error:#}")));
    states.clone().map_err(|error| anyhow!(error))
}

/// The files with the scenarios, one for each of [`INTERVALS`].
fn tests(scrape: &Scrape, rules: &Rules) -> [String; 2] {
    let mut tests = INTERVALS.map(|interval| head(RULES, interval));
    let inputs = inputs::of(scrape, &rules.text);
    for alike in alike(&inputs) {
        let longest = alike[0];
        let tests = &mut tests[usize::from(SCENARIOS[longest].is_a_blink())];
        *tests += &inputs[longest].text();
        *tests += &texts(SCENARIOS[longest], rules);
        *tests += EXPRESSIONS;
        for number in alike {
            *tests += &what_fired(number, SCENARIOS[number]);
        }
    }
    tests
}

/// The numbers of scenarios in which these rules see the same until the shorter one is over, and are asked for nothing else: the
/// longest, which is played for all of them, comes first. A rule about memory sees the same in most of them. No trouble begins after the end
/// of a shorter one.
fn alike(inputs: &[Input]) -> Vec<Vec<usize>> {
    let mut by_length: Vec<usize> = (0..inputs.len()).collect();
    by_length.sort_by_key(|number| Reverse(SCENARIOS[*number].minutes()));
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for number in by_length {
        let scenario = SCENARIOS[number];
        let fits = |group: &&mut Vec<usize>| {
            let longest = SCENARIOS[group[0]];
            !scenario.is_told()
                && scenario.is_a_blink() == longest.is_a_blink()
                && inputs[number].begins(&inputs[group[0]])
        };
        match groups.iter_mut().find(fits) {
            Some(group) => group.push(number),
            None => groups.push(vec![number]),
        }
    }
    groups
}

fn play(promtool: &Promtool, rules: &str, tests: &[String; 2]) -> anyhow::Result<Vec<AlertStates>> {
    let [once, twice] = TESTS;
    let files = [(RULES, rules), (once, &tests[0]), (twice, &tests[1])];
    let (_, said) = promtool.run(&["test", "rules", once, twice], &files)?;
    answers::read(&said)
}
