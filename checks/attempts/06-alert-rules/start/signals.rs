//! Signals: what the alert rules need to know and no request tells them.

use actix_web::web;
use solutions::db::Pool;

// TODO(step 6): keep `db_up` (0 or 1) fresh with a probe every 15 s, and say how much memory the container may use.
// To look up: `prometheus::IntGauge`, `prometheus::register`, `std::thread`, `actix_web::rt::Runtime`,
// `actix_web::rt::time::interval`, `solutions::db_health::db_health`, `/sys/fs/cgroup/memory.max`.
// Then the other half of the task, in alerts.yml.
pub fn watch(_pool: web::Data<Pool>) {
    log::debug!("no signals yet; memory limit: {:?}", memory_limit());
}

/// How much memory this container may use, in bytes. `None` without a limit, or without a container.
pub fn memory_limit() -> Option<u64> {
    None
}
