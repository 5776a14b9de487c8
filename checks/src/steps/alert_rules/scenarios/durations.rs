//! How long answers take: a second and more, for some routes, callers and instances.

use super::{
    super::metrics::{BEGIN, Metrics, READINGS},
    Scenario, in_first,
};

pub const LATE_READINGS: Scenario = Scenario {
    what: "6 % of the answers to GET /readings/{sensor} take longer than 1 s, for 20 minutes",
    lasts: 20,
    happens: |metrics| are_late(metrics, "GET", READINGS, 0.06),
};

pub const LATE_POSTS: Scenario = Scenario {
    what: "20 % of the answers to POST /readings take longer than 1 s, 2 % of all, for 20 minutes",
    lasts: 20,
    happens: |metrics| are_late(metrics, "POST", "/readings", 0.2),
};

pub const LATE_ERRORS: Scenario = Scenario {
    what: "7 % of the answers are 503 and take longer than 1 s, for 20 minutes",
    lasts: 20,
    happens: |metrics| {
        for instance in &mut metrics.app {
            instance.fail("503", 70.0, in_first(20));
            let counter = instance.counter("GET", READINGS, "503");
            counter.late.clone_from(&counter.steps);
        }
    },
};

pub const LATE_FOR_FEW: Scenario = Scenario {
    what: "4 % of the answers to each route take longer than 1 s, for 20 minutes",
    lasts: 20,
    happens: |metrics| {
        are_late(metrics, "GET", READINGS, 0.04);
        are_late(metrics, "POST", "/readings", 0.04);
    },
};

pub const ONE_IS_LATE: Scenario = Scenario {
    what: "8 % of the answers of one of two instances take longer than 1 s, 4 % of all",
    lasts: 20,
    happens: |metrics| metrics.app[0].is_late("GET", READINGS, 0.08, in_first(20)),
};

pub const ALMOST_LATE: Scenario = Scenario {
    what: "every answer takes 0.9 s, and none longer than 1 s",
    lasts: 20,
    happens: |metrics| {
        for counter in metrics.app.iter_mut().flat_map(|it| &mut it.counters) {
            counter.takes = 0.9;
        }
    },
};

pub const LATE_AT_NIGHT: Scenario = Scenario {
    what: "a request comes every minute, and every fourth one takes longer than 1 s",
    lasts: 20,
    happens: |metrics| {
        for instance in &mut metrics.app {
            instance.falls_quiet(0);
        }
        let counter = metrics.app[0].counter("GET", READINGS, "200");
        counter.steps[BEGIN..BEGIN + 20].fill(1.0);
        for minute in (BEGIN..BEGIN + 20).step_by(4) {
            counter.late[minute] = 1.0;
        }
    },
};

pub const LATE_PROBES: Scenario = Scenario {
    what: "nobody asks for anything, and probes of /health/db take longer than 1 s",
    lasts: 20,
    happens: |metrics| {
        for instance in &mut metrics.app {
            instance.falls_quiet(0);
            instance
                .counter("GET", "/health/db", "200")
                .steps
                .fill(12.0);
        }
        are_late(metrics, "GET", "/health/db", 1.0);
    },
};

/// Such a share of the answers of each instance.
fn are_late(metrics: &mut Metrics, method: &str, path: &str, share: f64) {
    for instance in &mut metrics.app {
        instance.is_late(method, path, share, in_first(20));
    }
}
