//! Memory, and its limit.

use super::{
    super::metrics::{BEGIN, Metrics},
    Scenario,
};

pub const MEMORY_81: Scenario = Scenario {
    what: "both instances use 81 % of their memory, for half an hour",
    lasts: 30,
    happens: |metrics| use_memory(metrics, &[0.81, 0.81], 30),
};

pub const MEMORY_OF_ONE: Scenario = Scenario {
    what: "one instance uses 95 % of its memory, another one 20 % of four times as much",
    lasts: 30,
    happens: |metrics| {
        metrics.app[0].limit = metrics.app[1].limit.map(|limit| limit / 4.0);
        use_memory(metrics, &[0.95, 0.2], 30);
    },
};

pub const MEMORY_79: Scenario = Scenario {
    what: "both instances use 79 % of their memory, for half an hour",
    lasts: 30,
    happens: |metrics| use_memory(metrics, &[0.79, 0.79], 30),
};

pub const MEMORY_SPIKE: Scenario = Scenario {
    what: "memory is at 95 % for a single scrape",
    lasts: 1,
    happens: |metrics| use_memory(metrics, &[0.95, 0.95], 1),
};

pub const NO_LIMIT: Scenario = Scenario {
    what: "much memory is used, and there is no limit",
    lasts: 30,
    happens: |metrics| {
        for instance in &mut metrics.app {
            instance.limit = None;
            instance.memory[BEGIN..BEGIN + 30].fill(8e9);
        }
    },
};

fn use_memory(metrics: &mut Metrics, shares: &[f64], minutes: usize) {
    for (instance, share) in metrics.app.iter_mut().zip(shares) {
        let limit = instance.limit.unwrap_or_default();
        instance.memory[BEGIN..BEGIN + minutes].fill(share * limit);
    }
}
