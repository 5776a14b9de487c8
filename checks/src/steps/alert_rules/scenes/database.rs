//! The database goes away, for long and for a moment.

use super::{super::world::BEGIN, Scene};

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
