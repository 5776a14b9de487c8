//! Counters that stop, are not scraped, and restart at zero.

use super::{super::metrics::BEGIN, Scenario, each_fails, in_first};

pub const BURSTS: Scenario = Scenario {
    what: "errors come in bursts, every third minute, 5 % of all in the end",
    lasts: 20,
    happens: |metrics| {
        for instance in &mut metrics.app {
            let first = in_first(20);
            instance.fail("500", 150.0, move |minute| first(minute) && minute % 3 == 0);
        }
    },
};

pub const LOST_SCRAPES: Scenario = Scenario {
    what: "5 % of the answers are 5xx, and every third scrape is lost",
    lasts: 20,
    happens: |metrics| {
        for instance in &mut metrics.app {
            for minute in (BEGIN..BEGIN + 20).step_by(3) {
                instance.up[minute] = false;
            }
        }
        each_fails(metrics, "500", 50.0, 20);
    },
};

pub const COUNTS_ANEW: Scenario = Scenario {
    what: "the counters begin at zero again, in a service that is well",
    lasts: 1,
    happens: |metrics| {
        for instance in &mut metrics.app {
            instance.restarts.push(BEGIN);
        }
    },
};

pub const ONE_COUNTS_ANEW: Scenario = Scenario {
    what: "one of two instances is restarted, in a service that is well",
    lasts: 1,
    happens: |metrics| metrics.app[0].restarts.push(BEGIN),
};

pub const COUNTS_ANEW_AMID_ERRORS: Scenario = Scenario {
    what: "5 % of the answers are 5xx, and the service is restarted every 4 minutes",
    lasts: 20,
    happens: |metrics| {
        for instance in &mut metrics.app {
            instance.restarts.extend((BEGIN + 2..BEGIN + 20).step_by(4));
        }
        each_fails(metrics, "500", 50.0, 20);
    },
};
