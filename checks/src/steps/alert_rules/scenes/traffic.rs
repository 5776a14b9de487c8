//! Requests that are few, and those that are no people's.

use super::{
    super::world::{BEGIN, READINGS, World},
    Scene, each_fails,
};

pub const QUIET: Scene = Scene {
    what: "all is well, and nobody asks for anything",
    how: "up 1, db_up 1, status=\"200\" 97000x60, status=\"500\" 3000x60",
    lasts: 30,
    happens: |world| {
        for instance in &mut world.app {
            instance.falls_quiet(BEGIN);
        }
    },
};

pub const STRAY: Scene = Scene {
    what: "ten requests come in a minute, and one of them fails, once",
    how: "status=\"200\" 97000+10x60, status=\"500\" 3000x20 3001x40",
    lasts: 15,
    happens: |world| one_error(world, 10.0),
};

pub const ALONE: Scene = Scene {
    what: "four requests come in the whole night, and one of them fails",
    how: "status=\"200\" 97000x20 97003x40, status=\"500\" 3000x20 3001x40",
    lasts: 15,
    happens: |world| {
        one_error(world, 0.0);
        world.app[0].counter("GET", READINGS, "200").steps[BEGIN] = 3.0;
    },
};

pub const PROBES_FAIL: Scene = Scene {
    what: "nobody asks for anything, and the probes of /health/db fail",
    how: "path=\"/health/db\",status=\"503\" 0x20 0+12x15, all other counters constant",
    lasts: 15,
    happens: |world| {
        for instance in &mut world.app {
            instance.falls_quiet(0);
            instance.counter("GET", "/health/db", "200").steps[BEGIN..BEGIN + 15].fill(0.0);
            instance.counter("GET", "/health/db", "503").steps[BEGIN..BEGIN + 15].fill(12.0);
        }
    },
};

pub const PROBES_DROWN: Scene = Scene {
    what: "5 % of what people ask for fails, and most requests are probes",
    how: "path=\"/health\",status=\"200\" 0+9000x60, status=\"200\" 0+950x15, status=\"500\" 0+50x15",
    lasts: 15,
    happens: |world| {
        for instance in &mut world.app {
            let probes = 9000.0 * instance.thousands;
            instance.counter("GET", "/health", "200").steps.fill(probes);
        }
        each_fails(world, "500", 50.0, 15);
    },
};

pub const PEOPLE_LEAVE: Scene = Scene {
    what: "after 15 minutes of errors nobody asks for anything any more",
    how: "status=\"200\" 0+950x15 14250x30, status=\"500\" 0+50x15 750x30",
    lasts: 15,
    happens: |world| {
        each_fails(world, "500", 50.0, 15);
        for instance in &mut world.app {
            instance.falls_quiet(BEGIN + 15);
        }
    },
};

/// So many requests a minute to the whole service, and one error.
fn one_error(world: &mut World, requests: f64) {
    let each = requests / world.app.len() as f64;
    for instance in &mut world.app {
        instance.falls_quiet(0);
        instance.counter("GET", READINGS, "200").steps.fill(each);
    }
    world.app[0].counter("GET", READINGS, "500").steps[BEGIN] = 1.0;
}
