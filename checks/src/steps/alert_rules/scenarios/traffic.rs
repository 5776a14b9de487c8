//! Little traffic, and traffic of probes.

use super::{
    super::metrics::{BEGIN, Metrics, READINGS},
    Scenario, each_fails,
};

pub const QUIET: Scenario = Scenario {
    what: "all is well, and nobody asks for anything",
    lasts: 30,
    happens: |metrics| {
        for instance in &mut metrics.app {
            instance.falls_quiet(BEGIN);
        }
    },
};

pub const STRAY: Scenario = Scenario {
    what: "ten requests come in a minute, and one of them fails, once",
    lasts: 15,
    happens: |metrics| one_error(metrics, 10.0),
};

pub const ALONE: Scenario = Scenario {
    what: "four requests come in the whole night, and one of them fails",
    lasts: 15,
    happens: |metrics| {
        one_error(metrics, 0.0);
        metrics.app[0].counter("GET", READINGS, "200").steps[BEGIN] = 3.0;
    },
};

pub const PROBES_FAIL: Scenario = Scenario {
    what: "nobody asks for anything, and the probes of /health/db fail",
    lasts: 15,
    happens: |metrics| {
        for instance in &mut metrics.app {
            instance.falls_quiet(0);
            instance.counter("GET", "/health/db", "200").steps[BEGIN..BEGIN + 15].fill(0.0);
            instance.counter("GET", "/health/db", "503").steps[BEGIN..BEGIN + 15].fill(12.0);
        }
    },
};

pub const PROBES_FAIL_AND_ONE_MORE: Scenario = Scenario {
    what: "the probes of /health/db fail, four requests come, and one of those fails",
    lasts: 15,
    happens: |metrics| {
        (PROBES_FAIL.happens)(metrics);
        let instance = &mut metrics.app[0];
        instance.counter("GET", READINGS, "200").steps[BEGIN + 3] = 3.0;
        instance.counter("GET", READINGS, "500").steps[BEGIN + 3] = 1.0;
    },
};

pub const PROBES_DROWN: Scenario = Scenario {
    what: "5 % of what people ask for fails, and most requests are probes",
    lasts: 15,
    happens: |metrics| {
        for instance in &mut metrics.app {
            let probes = 9000.0 * instance.thousands;
            instance.counter("GET", "/health", "200").steps.fill(probes);
        }
        each_fails(metrics, "500", 50.0, 15);
    },
};

pub const PEOPLE_LEAVE: Scenario = Scenario {
    what: "after 15 minutes of errors nobody asks for anything any more",
    lasts: 15,
    happens: |metrics| {
        each_fails(metrics, "500", 50.0, 15);
        for instance in &mut metrics.app {
            instance.falls_quiet(BEGIN + 15);
        }
    },
};

/// The requests per minute to the whole service, with one error.
fn one_error(metrics: &mut Metrics, requests: f64) {
    let each = requests / metrics.app.len() as f64;
    for instance in &mut metrics.app {
        instance.falls_quiet(0);
        instance.counter("GET", READINGS, "200").steps.fill(each);
    }
    metrics.app[0].counter("GET", READINGS, "500").steps[BEGIN] = 1.0;
}
