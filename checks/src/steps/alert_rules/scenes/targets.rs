//! Targets that are gone, and another service.

use super::{
    super::world::{BEGIN, READINGS},
    Scene, each_fails,
};

pub const WELL: Scene = Scene {
    what: "all is well",
    how: "up 1, db_up 1, status=\"200\" 97000+1000x60, status=\"500\" 3000x60",
    lasts: 30,
    happens: |_| {},
};

pub const LOST_SCRAPE: Scene = Scene {
    what: "one scrape finds nobody, as during a restart",
    how: "up{job=\"app\"} 1x20 0 1x30",
    lasts: 1,
    happens: |world| {
        for instance in &mut world.app {
            instance.up[BEGIN] = false;
        }
    },
};

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
        for status in ["200", "500"] {
            other.counter("GET", READINGS, status).steps.fill(500.0);
        }
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
