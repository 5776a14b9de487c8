//! A thread that sleeps, and a gauge that is read when it is asked for.
//!
//! Right because: it asks every 15 s, and the gauge says what was answered last.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use actix_web::{rt::Runtime, web};
use prometheus::PullingGauge;
use solutions::{db::Pool, db_health};

/// From the beginning of a probe to the beginning of the next.
const PACE: Duration = Duration::from_secs(15);

/// Exposes the memory limit, if there is one, and `db_up`.
pub fn watch(pool: web::Data<Pool>) {
    if let Some(bytes) = memory_limit() {
        expose(
            "process_memory_limit_bytes",
            "The container's own limit",
            move || bytes as f64,
        );
    }
    thread::Builder::new()
        .name("probe".to_owned())
        .spawn(move || probe(&pool))
        .expect("a thread can be started");
}

/// Never returns. Nobody joins this thread: it ends with the process, whatever the database does.
fn probe(pool: &web::Data<Pool>) {
    let runtime = Runtime::new().expect("a thread may have a runtime");
    let ask = || {
        let answer = runtime.block_on(db_health::db_health(pool.clone()));
        answer.status().is_success()
    };
    let mut next = Instant::now() + PACE;
    let up = Arc::new(AtomicBool::new(ask()));
    let shown = Arc::clone(&up);
    // Only now, since nothing is known before the first answer.
    expose("db_up", "1 if the database has answered", move || {
        f64::from(u8::from(shown.load(Ordering::Relaxed)))
    });
    loop {
        thread::sleep(next.saturating_duration_since(Instant::now()));
        next = Instant::now() + PACE;
        up.store(ask(), Ordering::Relaxed);
    }
}

/// How much memory this container may use, in bytes. `None` without a limit, or without a container.
pub fn memory_limit() -> Option<u64> {
    let v2 = fs::read_to_string("/sys/fs/cgroup/memory.max");
    let v1 = || fs::read_to_string("/sys/fs/cgroup/memory/memory.limit_in_bytes");
    let text = v2.or_else(|_| v1()).ok()?;
    match text.trim().parse::<u64>() {
        Ok(0) => None,
        Ok(bytes) if bytes > u64::MAX / 4 => None, // v1: as much as there is
        Ok(bytes) => Some(bytes),
        Err(_) => None, // v2: "max"
    }
}

fn expose(name: &str, help: &str, value: impl Fn() -> f64 + Send + Sync + 'static) {
    let gauge = PullingGauge::new(name, help, Box::new(value)).expect("the name is valid");
    prometheus::register(Box::new(gauge)).expect("nobody has registered it before");
}
