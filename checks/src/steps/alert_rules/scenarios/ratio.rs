//! Error ratios: high and low, with several statuses, in one instance or in all.

use super::{
    super::metrics::{BEGIN, READINGS},
    Scenario, each_fails, in_first,
};

pub const FIVE_PERCENT: Scenario = Scenario {
    what: "5 % of the answers are 5xx, for 15 minutes",
    lasts: 15,
    happens: |metrics| each_fails(metrics, "500", 50.0, 15),
};

pub const JUST_ABOVE: Scenario = Scenario {
    what: "1.1 % of the answers are 5xx, for half an hour",
    lasts: 30,
    happens: |metrics| each_fails(metrics, "500", 11.0, 30),
};

pub const JUST_BELOW: Scenario = Scenario {
    what: "0.9 % of the answers are 5xx, for half an hour",
    lasts: 30,
    happens: |metrics| each_fails(metrics, "500", 9.0, 30),
};

pub const NOT_FOUND: Scenario = Scenario {
    what: "20 % of the answers are 404 Not Found",
    lasts: 30,
    happens: |metrics| each_fails(metrics, "404", 200.0, 30),
};

pub const UNAVAILABLE: Scenario = Scenario {
    what: "5 % of the answers are 503 Service Unavailable",
    lasts: 15,
    happens: |metrics| each_fails(metrics, "503", 50.0, 15),
};

pub const GATEWAY: Scenario = Scenario {
    what: "5 % of the answers are 504 Gateway Timeout",
    lasts: 15,
    happens: |metrics| each_fails(metrics, "504", 50.0, 15),
};

pub const ONE_IS_BAD: Scenario = Scenario {
    what: "one of two instances fails 2.4 % of its requests: 1.2 % of all",
    lasts: 30,
    happens: |metrics| metrics.app[0].fail("500", 24.0, in_first(30)),
};

pub const ONE_IS_HALF_BAD: Scenario = Scenario {
    what: "one of two instances fails 1.6 % of its requests: 0.8 % of all",
    lasts: 30,
    happens: |metrics| metrics.app[0].fail("500", 16.0, in_first(30)),
};

pub const FEW_REQUESTS: Scenario = Scenario {
    what: "a hundred requests come in a minute, and 4 % of them fail, for 15 minutes",
    lasts: 15,
    happens: |metrics| {
        metrics.has_instances(1);
        let instance = &mut metrics.app[0];
        instance.falls_quiet(0);
        instance.counter("GET", READINGS, "200").steps.fill(96.0);
        instance.counter("GET", READINGS, "500").steps[BEGIN..BEGIN + 15].fill(4.0);
    },
};

pub const SENT_READINGS: Scenario = Scenario {
    what: "5 % of the answers are 503, all of them to POST /readings",
    lasts: 15,
    happens: |metrics| {
        for instance in &mut metrics.app {
            instance.refuse("503", 50.0, in_first(15));
        }
    },
};

pub const OTHER_METHODS: Scenario = Scenario {
    what: "5 % of the answers are 500, all of them to HEAD, PUT and DELETE",
    lasts: 15,
    happens: |metrics| {
        for instance in &mut metrics.app {
            let failing = 50.0 * instance.thousands;
            for (method, of_failing) in [("HEAD", 0.8), ("PUT", 0.1), ("DELETE", 0.1)] {
                let counter = instance.counter(method, READINGS, "500");
                counter.steps[BEGIN..BEGIN + 15].fill(of_failing * failing);
            }
        }
    },
};

pub const NOTHING_WORKS: Scenario = Scenario {
    what: "every answer is 500 or 503, for ten minutes",
    lasts: 10,
    happens: |metrics| {
        each_fails(metrics, "500", 899.0, 10);
        for instance in &mut metrics.app {
            instance.refuse("503", 100.0, in_first(10));
        }
    },
};

pub const EACH_A_FEW: Scenario = Scenario {
    what: "each of eight instances has ten requests in a minute, and one of forty fails",
    lasts: 15,
    happens: |metrics| {
        metrics.has_instances(8);
        for (number, instance) in metrics.app.iter_mut().enumerate() {
            instance.falls_quiet(0);
            instance.counter("GET", READINGS, "200").steps.fill(10.0);
            let minutes = (BEGIN..BEGIN + 15).filter(|minute| minute % 4 == number % 4);
            for minute in minutes {
                instance.counter("GET", READINGS, "500").steps[minute] = 1.0;
            }
        }
    },
};

pub const MIXTURE: Scenario = Scenario {
    what: "0.7 % of the answers are 500, to GET, and 0.7 % are 503, to POST: 1.4 % of all",
    lasts: 30,
    happens: |metrics| {
        for instance in &mut metrics.app {
            instance.fail("500", 7.0, in_first(30));
            instance.refuse("503", 7.0, in_first(30));
        }
    },
};

pub const ONE_ROUTE: Scenario = Scenario {
    what: "POST /readings fails at 4 % of its requests: 0.4 % of all",
    lasts: 30,
    happens: |metrics| {
        for instance in &mut metrics.app {
            instance.refuse("500", 4.0, in_first(30));
        }
    },
};

pub const NOT_FOUND_AND_ERRORS: Scenario = Scenario {
    what: "0.8 % of the answers are 5xx, and half of the others are 404 Not Found",
    lasts: 30,
    happens: |metrics| {
        each_fails(metrics, "404", 450.0, 30);
        each_fails(metrics, "500", 8.0, 30);
    },
};

pub const SCANNED: Scenario = Scenario {
    what: "every second request is a scanner's, answered 404, and 0.6 % of all answers are 5xx",
    lasts: 30,
    happens: |metrics| {
        each_fails(metrics, "500", 12.0, 30);
        for instance in &mut metrics.app {
            let scanners = 1000.0 * instance.thousands;
            let unmatched = instance.counter("GET", "unmatched", "404");
            unmatched.steps.fill(scanners);
        }
    },
};

pub const RARE: Scenario = Scenario {
    what: "5 % of the answers are 507 Insufficient Storage, 511 or 599",
    lasts: 15,
    happens: |metrics| {
        for (status, of_thousand) in [("507", 18.0), ("511", 16.0), ("599", 16.0)] {
            each_fails(metrics, status, of_thousand, 15);
        }
    },
};
