//! The counter and the histogram agree.

use std::collections::{BTreeMap, BTreeSet};

use super::{COUNTER, HISTOGRAM, MetricsProbe, PATH, counting::curl, listed};
use crate::{check::Failure, harness::text::varying, tools::prometheus::exposition::Scrape};

/// So many callers at once are answered by all workers, each by a few.
const CROWD: usize = 32;

/// The learner's command for them.
const ASK_AT_ONCE: &str =
    "seq 32 | xargs -P 32 -I{} curl -s -o /dev/null http://127.0.0.1:8000/health";

/// How many there were, by method, path and status.
type Table = BTreeMap<[String; 3], f64>;

/// What was counted was also timed, under the same labels, and vice versa, whichever worker did it; except for scrapes, one of
/// which is under way.
pub fn holds(probe: &MetricsProbe) -> Result<(), Failure> {
    for answer in probe.program.get_at_once("/health", CROWD) {
        probe.question("/health").status(200, answer)?;
    }
    let tables = |scrape: &Scrape| {
        let timed = format!("{HISTOGRAM}_count");
        [table(scrape, COUNTER), table(scrape, &timed)]
    };
    let scrape = probe.scrape_one_worker_until(|scrape| {
        let [counted, timed] = tables(scrape);
        counted == timed
    })?;
    let [counted, timed] = tables(&scrape);
    if counted == timed {
        return Ok(());
    }
    Err(difference(probe, &counted, &timed))
}

fn table(scrape: &Scrape, name: &str) -> Table {
    let mut table = Table::new();
    for sample in scrape
        .of(name)
        .filter(|it| it.label("path") != PATH && it.value > 0.0)
    {
        let key = ["method", "path", "status"].map(|label| sample.label(label).to_owned());
        *table.entry(key).or_default() += sample.value;
    }
    table
}

fn difference(probe: &MetricsProbe, counted: &Table, timed: &Table) -> Failure {
    let keys: BTreeSet<_> = counted.keys().chain(timed.keys()).collect();
    let differs = |key: &&&[String; 3]| counted.get(**key) != timed.get(**key);
    // Of a request that was forgotten nothing is timed.
    let is_kept = |key: &[String; 3]| (1.0..counted[key]).contains(timed.get(key).unwrap_or(&0.0));
    let kept = counted.keys().any(is_kept);
    let lines = keys.iter().filter(differs).map(|key| {
        let [method, path, status] = *key;
        let of = |table: &Table| table.get(*key).copied().unwrap_or(0.0);
        // Which worker keeps how many is up to chance.
        let [counted, timed] = [counted, timed].map(|table| {
            if kept {
                varying("some", of(table)).to_string()
            } else {
                of(table).to_string()
            }
        });
        format!("counted {counted}, timed {timed}: {method} {path} {status}")
    });
    // A request that is counted under the first of them.
    let path = keys.iter().find(differs).map(|[_, path, _]| path.as_str());
    let path = path.filter(|path| path.starts_with('/'));
    let path = path.unwrap_or("/nowhere").replace("{sensor}", "attic");
    let (asked, cause) = if kept {
        (
            ASK_AT_ONCE.to_owned(),
            "a worker keeps durations to itself for a while: a scrape, which any worker answers, does not show them",
        )
    } else {
        (
            curl("GET", &path, ""),
            "two places decide what a request is, and not in the same way",
        )
    };
    Failure::new(
        format!("{HISTOGRAM}_count is {COUNTER}, for the same method, path, status"),
        listed(lines),
        probe.how_of(&asked, "http_request"),
    )
    .perhaps(cause)
}
