//! The pool of connections: used up, and only busy.

use super::{super::metrics::BEGIN, Scenario};

const LASTS: usize = 10;

pub const POOL_USED_UP: Scenario = Scenario {
    what: "every connection there may be is in use for 10 minutes, and no probe gets one",
    lasts: LASTS,
    happens: |metrics| {
        for instance in &mut metrics.app {
            instance.pool.are_used_up(BEGIN..BEGIN + LASTS);
            instance.db_up[BEGIN..BEGIN + LASTS].fill(0.0);
        }
    },
};

pub const POOL_USED_UP_AND_PROBED: Scenario = Scenario {
    what: "every connection there may be is in use for 10 minutes, and probes wait for one",
    lasts: LASTS,
    happens: |metrics| {
        for instance in &mut metrics.app {
            instance.pool.are_used_up(BEGIN..BEGIN + LASTS);
        }
    },
};

pub const POOL_OF_ONE: Scenario = Scenario {
    what: "one instance of four has every connection in use for 10 minutes",
    lasts: LASTS,
    happens: |metrics| {
        metrics.has_instances(4);
        metrics.app[2].pool.are_used_up(BEGIN..BEGIN + LASTS);
    },
};

pub const POOL_IS_BUSY: Scenario = Scenario {
    what: "three of four connections there may be are in use, for half an hour",
    lasts: 30,
    happens: |metrics| {
        for instance in &mut metrics.app {
            let pool = &mut instance.pool;
            let in_use = (0.75 * pool.max).floor();
            pool.are(pool.max, in_use, BEGIN..BEGIN + 30);
        }
    },
};

pub const POOL_MAY_GROW: Scenario = Scenario {
    what: "every open connection is in use, and more may be opened, for half an hour",
    lasts: 30,
    happens: |metrics| {
        for instance in &mut metrics.app {
            instance.pool.are(4.0, 4.0, BEGIN..BEGIN + 30);
        }
    },
};

pub const POOL_BLINKS: Scenario = Scenario {
    what: "every connection there may be is in use in a single scrape",
    lasts: 1,
    happens: |metrics| {
        for instance in &mut metrics.app {
            instance.pool.are_used_up(BEGIN..BEGIN + 1);
        }
    },
};
