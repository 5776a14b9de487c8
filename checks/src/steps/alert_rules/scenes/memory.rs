//! Memory, and its limit.

use super::{
    super::world::{BEGIN, World},
    Scene,
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
