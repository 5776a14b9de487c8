//! Counters that stand still, are not seen, and begin anew.

use super::{super::world::BEGIN, Scene, each_fails, in_first};

pub const BURSTS: Scene = Scene {
    what: "errors come in bursts, every third minute, 5 % of all in the end",
    how: "status=\"200\" 0 850 1850 2850 3700 …, status=\"500\" 0 150 150 150 300 …",
    lasts: 20,
    happens: |world| {
        for instance in &mut world.app {
            let first = in_first(20);
            instance.fail("500", 150.0, move |minute| first(minute) && minute % 3 == 0);
        }
    },
};

pub const LOST_SCRAPES: Scene = Scene {
    what: "5 % of the answers are 5xx, and every third scrape is lost",
    how: "status=\"200\" 0 950 _ 2850 3800 _ …, status=\"500\" 0 50 _ 150 200 _ …",
    lasts: 20,
    happens: |world| {
        for instance in &mut world.app {
            for minute in (BEGIN..BEGIN + 20).step_by(3) {
                instance.up[minute] = false;
            }
        }
        each_fails(world, "500", 50.0, 20);
    },
};

pub const COUNTS_ANEW: Scene = Scene {
    what: "the counters begin at zero again, in a service that is well",
    how: "status=\"200\" 97000+1000x20 0+1000x30, status=\"500\" 3000x20 0x30",
    lasts: 1,
    happens: |world| {
        for instance in &mut world.app {
            instance.restarts.push(BEGIN);
        }
    },
};

pub const COUNTS_ANEW_AMID_ERRORS: Scene = Scene {
    what: "5 % of the answers are 5xx, and the service is restarted every 4 minutes",
    how: "status=\"200\" 0 950 1900 2850 0 950 …, status=\"500\" 0 50 100 150 0 50 …",
    lasts: 20,
    happens: |world| {
        for instance in &mut world.app {
            instance.restarts.extend((BEGIN + 2..BEGIN + 20).step_by(4));
        }
        each_fails(world, "500", 50.0, 20);
    },
};
