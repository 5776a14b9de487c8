//! What can happen to a service, one thing at a time.

use super::world::{BEGIN, READINGS, World};

/// One thing that happens.
pub struct Scene {
    /// In a few words, after "while" or "when".
    pub what: &'static str,
    /// Series with which the learner can see it again: a minute from each value to the next.
    pub how: &'static str,
    /// How long it goes on after [`BEGIN`].
    pub lasts: usize,
    pub happens: fn(&mut World),
}

/// How long all is well again afterwards.
pub const AFTER: usize = 30;

/// In these minutes of it.
fn in_first(minutes: usize) -> impl Fn(usize) -> bool {
    move |minute| (BEGIN..BEGIN + minutes).contains(&minute)
}

fn each_fails(world: &mut World, status: &str, of_thousand: f64, minutes: usize) {
    for instance in &mut world.app {
        instance.fail(status, of_thousand, in_first(minutes));
    }
}

pub const WELL: Scene = Scene {
    what: "all is well",
    how: "up 1, db_up 1, status=\"200\" 97000+1000x60, status=\"500\" 3000x60",
    lasts: 30,
    happens: |_| {},
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

pub const DATABASE_DOWN: Scene = Scene {
    what: "the database is away for 5 minutes",
    how: "db_up{job=\"app\"} 1x20 0x4 1x30",
    lasts: 5,
    happens: |world| {
        for instance in &mut world.app {
            instance.db_up[BEGIN..BEGIN + 5].fill(0.0);
        }
    },
};

pub const DATABASE_BLINKS: Scene = Scene {
    what: "the database is away for 30 seconds",
    how: "db_up{job=\"app\"} 1x20 0 1x30",
    lasts: 1,
    happens: |world| {
        for instance in &mut world.app {
            instance.db_up[BEGIN] = 0.0;
        }
    },
};

pub const RESTART: Scene = Scene {
    what: "the service is restarted, and one scrape finds nobody",
    how: "up{job=\"app\"} 1x20 0 1x30",
    lasts: 1,
    happens: |world| {
        for instance in &mut world.app {
            instance.up[BEGIN] = false;
            instance.restarts.push(BEGIN + 1);
        }
    },
};

pub const FIVE_PERCENT: Scene = Scene {
    what: "5 % of the answers are 5xx, for 15 minutes",
    how: "status=\"200\" 97000+950x15, status=\"500\" 3000+50x15",
    lasts: 15,
    happens: |world| each_fails(world, "500", 50.0, 15),
};

pub const JUST_ABOVE: Scene = Scene {
    what: "1.1 % of the answers are 5xx, for half an hour",
    how: "status=\"200\" 97000+989x30, status=\"500\" 3000+11x30",
    lasts: 30,
    happens: |world| each_fails(world, "500", 11.0, 30),
};

pub const JUST_BELOW: Scene = Scene {
    what: "0.9 % of the answers are 5xx, for half an hour",
    how: "status=\"200\" 97000+991x30, status=\"500\" 3000+9x30",
    lasts: 30,
    happens: |world| each_fails(world, "500", 9.0, 30),
};

pub const NOT_FOUND: Scene = Scene {
    what: "20 % of the answers are 404 Not Found",
    how: "status=\"200\" 97000+800x30, status=\"404\" 5+200x30",
    lasts: 30,
    happens: |world| each_fails(world, "404", 200.0, 30),
};

pub const UNAVAILABLE: Scene = Scene {
    what: "5 % of the answers are 503 Service Unavailable",
    how: "status=\"200\" 97000+950x15, status=\"503\" 600+50x15",
    lasts: 15,
    happens: |world| each_fails(world, "503", 50.0, 15),
};

pub const GATEWAY: Scene = Scene {
    what: "5 % of the answers are 504 Gateway Timeout",
    how: "status=\"200\" 97000+950x15, status=\"504\" 600+50x15",
    lasts: 15,
    happens: |world| each_fails(world, "504", 50.0, 15),
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

/// So many requests a minute to the whole service, and one error.
fn one_error(world: &mut World, requests: f64) {
    let each = requests / world.app.len() as f64;
    for instance in &mut world.app {
        instance.falls_quiet(0);
        instance.counter("GET", READINGS, "200").steps.fill(each);
    }
    world.app[0].counter("GET", READINGS, "500").steps[BEGIN] = 1.0;
}

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

pub const ONE_IS_BAD: Scene = Scene {
    what: "one of two instances fails 2.4 % of its requests: 1.2 % of all",
    how: "instance=\"a\",status=\"500\" 0+24x30, instance=\"b\",status=\"500\" 0x30, of 1000 each",
    lasts: 30,
    happens: |world| world.app[0].fail("500", 24.0, in_first(30)),
};

pub const ONE_IS_HALF_BAD: Scene = Scene {
    what: "one of two instances fails 1.6 % of its requests: 0.8 % of all",
    how: "instance=\"a\",status=\"500\" 0+16x30, instance=\"b\",status=\"500\" 0x30, of 1000 each",
    lasts: 30,
    happens: |world| world.app[0].fail("500", 16.0, in_first(30)),
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
            instance
                .restarts
                .extend((BEGIN + 2..BEGIN + 20).step_by(4));
        }
        each_fails(world, "500", 50.0, 20);
    },
};

pub const MEMORY_81: Scene = Scene {
    what: "both instances use 81 % of their memory, for half an hour",
    how: "process_resident_memory_bytes 81x30, process_memory_limit_bytes 100x30",
    lasts: 30,
    happens: |world| use_memory(world, &[0.81, 0.81], 30),
};

pub const MEMORY_OF_ONE: Scene = Scene {
    what: "one instance uses 95 % of its memory, the other 20 %",
    how: "instance=\"a\": 95x30 of 100x30, instance=\"b\": 20x30 of 100x30",
    lasts: 30,
    happens: |world| use_memory(world, &[0.95, 0.2], 30),
};

pub const MEMORY_79: Scene = Scene {
    what: "both instances use 79 % of their memory, for half an hour",
    how: "process_resident_memory_bytes 79x30, process_memory_limit_bytes 100x30",
    lasts: 30,
    happens: |world| use_memory(world, &[0.79, 0.79], 30),
};

pub const MEMORY_SPIKE: Scene = Scene {
    what: "memory is at 95 % for a single scrape",
    how: "process_resident_memory_bytes 30x20 95 30x30, process_memory_limit_bytes 100x60",
    lasts: 1,
    happens: |world| use_memory(world, &[0.95, 0.95], 1),
};

pub const NO_LIMIT: Scene = Scene {
    what: "much memory is used, and there is no limit",
    how: "process_resident_memory_bytes 8e9x30, and no process_memory_limit_bytes",
    lasts: 30,
    happens: |world| {
        for instance in &mut world.app {
            instance.limit = None;
            instance.memory[BEGIN..BEGIN + 30].fill(8e9);
        }
    },
};

fn use_memory(world: &mut World, shares: &[f64], minutes: usize) {
    for (instance, share) in world.app.iter_mut().zip(shares) {
        let limit = instance.limit.unwrap_or_default();
        instance.memory[BEGIN..BEGIN + minutes].fill(share * limit);
    }
}

pub const TARGET_DOWN: Scene = Scene {
    what: "the service does not answer scrapes for 10 minutes",
    how: "up{job=\"app\"} 1x20 0x10 1x30",
    lasts: 10,
    happens: |world| {
        for instance in &mut world.app {
            instance.up[BEGIN..BEGIN + 10].fill(false);
        }
    },
};

pub const TARGET_ABSENT: Scene = Scene {
    what: "Prometheus knows no target of the service for 10 minutes",
    how: "up{job=\"app\"} 1x20 stale _x9 1x30, up{job=\"other\"} 1x60",
    lasts: 10,
    happens: |world| {
        for instance in &mut world.app {
            instance.is_target[BEGIN..BEGIN + 10].fill(false);
        }
    },
};

pub const OTHERS_ARE_BAD: Scene = Scene {
    what: "another service has every trouble there is, and this one has none",
    how: "the same series with job=\"other\": db_up 0x60, status=\"500\" 0+500x60, …",
    lasts: 30,
    happens: |world| {
        let other = &mut world.other;
        other.db_up[BEGIN..BEGIN + 30].fill(0.0);
        other.fail("500", 500.0, in_first(30));
        let limit = other.limit.unwrap_or_default();
        other.memory[BEGIN..BEGIN + 30].fill(0.95 * limit);
    },
};

pub const OTHER_IS_GONE: Scene = Scene {
    what: "another service is gone, and this one is there",
    how: "up{job=\"other\"} 1x20 0x15, up{job=\"app\"} 1x60",
    lasts: 15,
    happens: |world| world.other.up[BEGIN..BEGIN + 15].fill(false),
};

pub const OTHERS_ARE_MANY: Scene = Scene {
    what: "5 % of the answers are 5xx, and another service answers far more, all well",
    how: "job=\"other\",status=\"200\" 0+20000x60, status=\"200\" 0+950x15, status=\"500\" 0+50x15",
    lasts: 15,
    happens: |world| {
        let many = 40_000.0 * world.other.thousands;
        let other = &mut world.other;
        other.counter("GET", READINGS, "200").steps.fill(many);
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

/// All of them.
pub const SCENES: [&Scene; 32] = [
    &WELL,
    &QUIET,
    &DATABASE_DOWN,
    &DATABASE_BLINKS,
    &RESTART,
    &FIVE_PERCENT,
    &JUST_ABOVE,
    &JUST_BELOW,
    &NOT_FOUND,
    &UNAVAILABLE,
    &GATEWAY,
    &STRAY,
    &ALONE,
    &PROBES_FAIL,
    &PROBES_DROWN,
    &BURSTS,
    &LOST_SCRAPES,
    &ONE_IS_BAD,
    &ONE_IS_HALF_BAD,
    &COUNTS_ANEW,
    &COUNTS_ANEW_AMID_ERRORS,
    &MEMORY_81,
    &MEMORY_OF_ONE,
    &MEMORY_79,
    &MEMORY_SPIKE,
    &NO_LIMIT,
    &TARGET_DOWN,
    &TARGET_ABSENT,
    &OTHERS_ARE_BAD,
    &OTHER_IS_GONE,
    &OTHERS_ARE_MANY,
    &PEOPLE_LEAVE,
];
