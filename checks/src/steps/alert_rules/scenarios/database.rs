//! The database goes away, for minutes and for a moment.

use super::{
    super::metrics::{BEGIN, Instance},
    Scenario,
};

/// An outage of five minutes and a bit is in as many scrapes.
const OUTAGE: usize = 6;

fn loses_its_database(instance: &mut Instance) {
    instance.db_up[BEGIN..BEGIN + OUTAGE].fill(0.0);
    instance.pool.are(0.0, 0.0, BEGIN..BEGIN + OUTAGE);
}

pub const DATABASE_DOWN: Scenario = Scenario {
    what: "the database is away for 5 minutes",
    lasts: OUTAGE,
    happens: |metrics| metrics.app.iter_mut().for_each(loses_its_database),
};

pub const DATABASE_DOWN_ALONE: Scenario = Scenario {
    what: "the database is away for 5 minutes, and the service has one instance",
    lasts: OUTAGE,
    happens: |metrics| {
        metrics.has_instances(1);
        metrics.app.iter_mut().for_each(loses_its_database);
    },
};

pub const DATABASE_DOWN_FOR_ONE: Scenario = Scenario {
    what: "one instance of four cannot reach the database for 5 minutes",
    lasts: OUTAGE,
    happens: |metrics| {
        metrics.has_instances(4);
        loses_its_database(&mut metrics.app[2]);
    },
};

pub const DATABASE_DOWN_AT_NIGHT: Scenario = Scenario {
    what: "the database is away for 5 minutes, and nobody asks for anything",
    lasts: OUTAGE,
    happens: |metrics| {
        for instance in &mut metrics.app {
            instance.falls_quiet(0);
            loses_its_database(instance);
        }
    },
};

pub const DATABASE_DOWN_BESIDE_A_GONE: Scenario = Scenario {
    what: "one instance cannot reach the database for 5 minutes, and another one is gone",
    lasts: OUTAGE,
    happens: |metrics| {
        metrics.has_instances(3);
        loses_its_database(&mut metrics.app[0]);
        metrics.app[1].up[BEGIN..BEGIN + OUTAGE].fill(false);
    },
};

pub const DATABASE_BLINKS: Scenario = Scenario {
    what: "the database is away for 30 seconds",
    lasts: 1,
    happens: |metrics| {
        for instance in &mut metrics.app {
            instance.db_up[BEGIN] = 0.0;
        }
    },
};
