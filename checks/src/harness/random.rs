//! Random values, drawn from a seed, so that a run can be repeated: the same seed draws the same values in the same order.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

static SEED: OnceLock<u64> = OnceLock::new();

/// How many values have been drawn.
static DRAWN: AtomicU64 = AtomicU64::new(0);

/// The seed of this run: the one that was set, or a random one.
pub fn seed() -> u64 {
    *SEED.get_or_init(|| RandomState::new().build_hasher().finish() >> 32)
}

/// Sets the seed, before anything is drawn. Checks that run at the same time may still swap what they draw.
pub fn set_seed(seed: u64) {
    // A second one would change values that have been used.
    let _ = SEED.set(seed);
}

/// A random word, new in each call, so that no answer can be hard-coded.
pub fn random_word() -> String {
    format!("w{:016x}", draw())
}

/// A random number from `range`.
pub fn random_number(range: std::ops::Range<u64>) -> u64 {
    range.start + draw() % (range.end - range.start)
}

/// The same values in a random order.
pub fn shuffled<T>(mut values: Vec<T>) -> Vec<T> {
    for last in (1..values.len()).rev() {
        values.swap(last, random_number(0..last as u64 + 1) as usize);
    }
    values
}

/// SplitMix64, <https://prng.di.unimi.it/splitmix64.c>: every number gives another one.
fn draw() -> u64 {
    const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;
    let number = DRAWN.fetch_add(1, Ordering::Relaxed) + 1;
    let mut z = seed().wrapping_add(number.wrapping_mul(GAMMA));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
