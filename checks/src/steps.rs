//! What is checked, one module per step. Each has its list, `CHECKS`, and `verify`, which reads from top to bottom.

pub mod container;
pub mod db_health;
pub mod health;
pub mod metrics;

use std::hash::{BuildHasher, Hasher, RandomState};

/// A word that was never said before, so that nothing can be answered by heart.
pub fn random_word() -> String {
    format!("w{:016x}", RandomState::new().build_hasher().finish())
}
