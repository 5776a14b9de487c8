//! The scenarios: one thing that happens to a service in each.

mod budget;
mod counters;
mod database;
mod durations;
mod failing;
mod memory;
mod pool;
mod ratio;
mod targets;
mod traffic;

pub use budget::*;
pub use counters::*;
pub use database::*;
pub use durations::*;
pub use memory::*;
pub use pool::*;
pub use ratio::*;
pub use targets::*;
pub use traffic::*;

use super::metrics::{BEGIN, Metrics};
use failing::{each_fails, in_first};

/// A scenario.
pub struct Scenario {
    /// In a few words, after "while" or "when".
    pub what: &'static str,
    /// How long it goes on after [`BEGIN`].
    pub lasts: usize,
    pub happens: fn(&mut Metrics),
}

impl Scenario {
    /// The metric in which its trouble shows, or the beginning of the names of several.
    pub fn metric(&self) -> &'static str {
        let has = |words: &[&str]| words.iter().any(|word| self.what.contains(word));
        if has(&["database"]) {
            "db_up"
        } else if has(&["connection"]) {
            "db_pool_connections"
        } else if has(&["take longer", "takes longer"]) {
            "http_request_duration_seconds"
        } else if has(&["memory"]) {
            "process_resident_memory_bytes"
        } else if has(&["scrapes for", "target"]) {
            "up"
        } else {
            "http"
        }
    }

    /// Whether it is about errors that are few in minutes, and many in hours.
    pub fn takes_hours(&self) -> bool {
        self.lasts >= 60
    }

    /// Whether its trouble is over at the next scrape.
    pub fn is_a_blink(&self) -> bool {
        self.lasts == 1
    }

    /// Whether its trouble shows in the metric of this name.
    pub fn is_about(&self, metric: &str) -> bool {
        let rest = metric.strip_prefix(self.metric());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    }

    /// How long it is played, in minutes: promtool takes its time for each of them.
    pub fn minutes(&self) -> usize {
        let after = if self.is_among(&ENDING) {
            LONG_AFTER
        } else {
            AFTER
        };
        BEGIN + self.lasts + after
    }

    /// Whether the texts of its alerts are read.
    pub fn is_told(&self) -> bool {
        self.is_among(&TOLD)
    }

    /// Whether it is watched long after its end.
    #[cfg(test)]
    pub fn is_ending(&self) -> bool {
        self.is_among(&ENDING)
    }

    fn is_among(&self, scenarios: &[&Scenario]) -> bool {
        scenarios.iter().any(|other| other.what == self.what)
    }
}

/// How long everything is healthy again afterwards, in minutes: until a window of ten minutes has forgotten it.
const AFTER: usize = 12;

/// The same after those of [`ENDING`]: long enough to find a window that has not forgotten it.
const LONG_AFTER: usize = 30;

/// All of them.
pub const SCENARIOS: [&Scenario; 68] = [
    &WELL,
    &QUIET,
    &DATABASE_DOWN,
    &DATABASE_DOWN_ALONE,
    &DATABASE_DOWN_FOR_ONE,
    &DATABASE_DOWN_AT_NIGHT,
    &DATABASE_DOWN_BESIDE_A_GONE,
    &DATABASE_BLINKS,
    &LOST_SCRAPE,
    &FIVE_PERCENT,
    &JUST_ABOVE,
    &FEW_REQUESTS,
    &SENT_READINGS,
    &OTHER_METHODS,
    &NOTHING_WORKS,
    &EACH_A_FEW,
    &MIXTURE,
    &ONE_ROUTE,
    &JUST_BELOW,
    &NOT_FOUND,
    &NOT_FOUND_AND_ERRORS,
    &SCANNED,
    &UNAVAILABLE,
    &GATEWAY,
    &RARE,
    &STRAY,
    &ALONE,
    &PROBES_FAIL,
    &PROBES_DROWN,
    &PROBES_FAIL_AND_ONE_MORE,
    &BURSTS,
    &LOST_SCRAPES,
    &ONE_IS_BAD,
    &ONE_IS_HALF_BAD,
    &COUNTS_ANEW,
    &ONE_COUNTS_ANEW,
    &COUNTS_ANEW_AMID_ERRORS,
    &MEMORY_81,
    &MEMORY_OF_ONE,
    &MEMORY_79,
    &MEMORY_SPIKE,
    &NO_LIMIT,
    &LATE_READINGS,
    &LATE_POSTS,
    &LATE_ERRORS,
    &LATE_FOR_FEW,
    &ONE_IS_LATE,
    &ALMOST_LATE,
    &LATE_AT_NIGHT,
    &LATE_PROBES,
    &POOL_USED_UP,
    &POOL_USED_UP_AND_PROBED,
    &POOL_OF_ONE,
    &POOL_IS_BUSY,
    &POOL_MAY_GROW,
    &POOL_BLINKS,
    &BUDGET_BURNS,
    &BUDGET_LASTS,
    &BUDGET_WAS_SAVED,
    &FEW_IN_HOURS,
    &RESTARTED_IN_TURN,
    &TARGET_DOWN,
    &TARGET_ABSENT,
    &MOVED,
    &OTHERS_ARE_BAD,
    &OTHER_IS_GONE,
    &OTHERS_ARE_MANY,
    &PEOPLE_LEAVE,
];

/// Those in which the texts of the alerts are read.
pub const TOLD: [&Scenario; 6] = [
    &DATABASE_DOWN,
    &FIVE_PERCENT,
    &LATE_READINGS,
    &MEMORY_81,
    &TARGET_DOWN,
    &TARGET_ABSENT,
];

/// Those after which every alert has to end.
const ENDING: [&Scenario; 7] = [
    &BUDGET_BURNS,
    &DATABASE_DOWN,
    &FIVE_PERCENT,
    &PEOPLE_LEAVE,
    &MEMORY_81,
    &TARGET_DOWN,
    &TARGET_ABSENT,
];
