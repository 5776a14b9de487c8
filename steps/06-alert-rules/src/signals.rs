//! Signals: what the alert rules need to know and no request tells them.

// TODO(step 6): keep `db_up` (0 or 1) fresh with a probe every 15 s, and say how much memory the container may use.
// To look up: `prometheus::IntGauge`, `actix_web::rt::spawn`, `actix_web::rt::time::interval`, `/sys/fs/cgroup/memory.max`.
pub fn watch() {
    log::debug!("no signals yet");
}
