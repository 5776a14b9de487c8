//! Missing targets, and other services.

use super::{
    super::metrics::{BEGIN, Counter, READINGS},
    Scenario, each_fails,
};

pub const WELL: Scenario = Scenario {
    what: "all is well",
    lasts: 30,
    happens: |_| {},
};

pub const LOST_SCRAPE: Scenario = Scenario {
    what: "one scrape finds nobody, as during a restart",
    lasts: 1,
    happens: |metrics| {
        for instance in &mut metrics.app {
            instance.up[BEGIN] = false;
        }
    },
};

pub const RESTARTED_IN_TURN: Scenario = Scenario {
    what: "four targets restart in turn, and each misses one scrape",
    lasts: 4,
    happens: |metrics| {
        metrics.has_instances(4);
        for (number, instance) in metrics.app.iter_mut().enumerate() {
            instance.up[BEGIN + number] = false;
            instance.restarts.push(BEGIN + number + 1);
            // It is about targets. A sum before `rate` sees errors of the past in a restart, and is told so elsewhere.
            let errors = instance.counters.iter_mut();
            let errors = errors.filter(|counter| counter.status.starts_with('5'));
            errors.for_each(Counter::begins);
        }
    },
};

pub const TARGET_DOWN: Scenario = Scenario {
    what: "the service does not answer scrapes for 6 minutes",
    lasts: 7,
    happens: |metrics| {
        for instance in &mut metrics.app {
            instance.up[BEGIN..BEGIN + 7].fill(false);
        }
    },
};

pub const TARGET_ABSENT: Scenario = Scenario {
    what: "Prometheus knows no target of the service for 10 minutes",
    lasts: 10,
    happens: |metrics| {
        for instance in &mut metrics.app {
            instance.is_target[BEGIN..BEGIN + 10].fill(false);
        }
    },
};

pub const MOVED: Scenario = Scenario {
    what: "an instance moves to another address, as in a rolling update",
    lasts: 15,
    happens: |metrics| {
        metrics.has_instances(3);
        metrics.app[0].is_target[BEGIN..].fill(false);
        metrics.app[2].is_target[..BEGIN].fill(false);
    },
};

pub const OTHERS_ARE_BAD: Scenario = Scenario {
    what: "another service has every trouble there is, and this one has none",
    lasts: 30,
    happens: |metrics| {
        let other = &mut metrics.other;
        other.db_up[BEGIN..BEGIN + 30].fill(0.0);
        for status in ["200", "500"] {
            other.counter("GET", READINGS, status).steps.fill(500.0);
        }
        let limit = other.limit.unwrap_or_default();
        other.memory[BEGIN..BEGIN + 30].fill(0.95 * limit);
    },
};

pub const OTHER_IS_GONE: Scenario = Scenario {
    what: "another service is gone, and this one is there",
    lasts: 15,
    happens: |metrics| metrics.other.up[BEGIN..BEGIN + 15].fill(false),
};

pub const OTHERS_ARE_MANY: Scenario = Scenario {
    what: "5 % of the answers are 5xx, and another service answers far more, all well",
    lasts: 15,
    happens: |metrics| {
        let many = 40_000.0 * metrics.other.thousands;
        let other = &mut metrics.other;
        other.counter("GET", READINGS, "200").steps.fill(many);
        each_fails(metrics, "500", 50.0, 15);
    },
};
