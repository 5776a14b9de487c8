//! What can happen to a service, one thing at a time.

mod counters;
mod database;
mod memory;
mod ratio;
mod targets;
mod traffic;

pub use counters::*;
pub use database::*;
pub use memory::*;
pub use ratio::*;
pub use targets::*;
pub use traffic::*;

use super::world::{BEGIN, World};

/// One thing that happens.
pub struct Scene {
    /// In a few words, after "while" or "when".
    pub what: &'static str,
    /// Series with which the learner can see it again: a minute from each value to the next.
    pub how: &'static str,
    /// How long it goes on after [`BEGIN`].
    pub lasts: usize,
    pub happens: fn(&mut World),
}

/// How long all is well again afterwards.
pub const AFTER: usize = 30;

/// In these minutes of it.
fn in_first(minutes: usize) -> impl Fn(usize) -> bool {
    move |minute| (BEGIN..BEGIN + minutes).contains(&minute)
}

fn each_fails(world: &mut World, status: &str, of_thousand: f64, minutes: usize) {
    for instance in &mut world.app {
        instance.fail(status, of_thousand, in_first(minutes));
    }
}

/// All of them.
pub const SCENES: [&Scene; 32] = [
    &WELL,
    &QUIET,
    &DATABASE_DOWN,
    &DATABASE_BLINKS,
    &LOST_SCRAPE,
    &FIVE_PERCENT,
    &JUST_ABOVE,
    &JUST_BELOW,
    &NOT_FOUND,
    &UNAVAILABLE,
    &GATEWAY,
    &STRAY,
    &ALONE,
    &PROBES_FAIL,
    &PROBES_DROWN,
    &BURSTS,
    &LOST_SCRAPES,
    &ONE_IS_BAD,
    &ONE_IS_HALF_BAD,
    &COUNTS_ANEW,
    &COUNTS_ANEW_AMID_ERRORS,
    &MEMORY_81,
    &MEMORY_OF_ONE,
    &MEMORY_79,
    &MEMORY_SPIKE,
    &NO_LIMIT,
    &TARGET_DOWN,
    &TARGET_ABSENT,
    &OTHERS_ARE_BAD,
    &OTHER_IS_GONE,
    &OTHERS_ARE_MANY,
    &PEOPLE_LEAVE,
];
