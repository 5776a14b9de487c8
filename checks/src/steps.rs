//! What is checked, one module per step. Each has its list, `CHECKS`, and `verify`, which reads from top to bottom.

pub mod alert_rules;
pub mod container;
pub mod db_health;
pub mod health;
pub mod json_logs;
pub mod metrics;
pub mod on_call;

use std::hash::{BuildHasher, Hasher, RandomState};

/// A word that was never said before, so that nothing can be answered by heart.
pub fn random_word() -> String {
    format!("w{:016x}", RandomState::new().build_hasher().finish())
}

/// A number out of `range`, another one each time.
pub fn random_number(range: std::ops::Range<u64>) -> u64 {
    let drawn = RandomState::new().build_hasher().finish();
    range.start + drawn % (range.end - range.start)
}
