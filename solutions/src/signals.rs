//! Signals: what the alert rules need to know and no request tells them.

use std::{fs, thread, time::Duration};

use actix_web::{rt, web};
use prometheus::{IntGauge, Opts};
use solutions::{db::Pool, db_health::db_health};

/// The interval between database probes: four of them fit between two scrapes.
const PACE: Duration = Duration::from_secs(15);

/// Where the kernel says how much memory this container may use: cgroup v2, then v1.
const LIMIT_FILES: [&str; 2] = [
    "/sys/fs/cgroup/memory.max",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
];

/// cgroup v1 has no word for "no limit"; it says a number near 2^63.
const NO_LIMIT: u64 = 1 << 60;

/// Sets the memory limit once, and keeps `db_up` up to date for as long as the server runs.
pub fn watch(pool: web::Data<Pool>) {
    if let Some(limit) = memory_limit() {
        gauge(
            "process_memory_limit_bytes",
            "Memory that this container may use",
        )
        .set(limit as i64);
    }
    // On a thread of its own, which ends with the process. The main thread ends only when every question that it has asked is
    // answered: one that the database never answers would keep the server from stopping.
    thread::spawn(move || {
        let runtime = rt::Runtime::new().expect("a thread may have a runtime");
        runtime.block_on(keep_asking(pool));
    });
}

async fn keep_asking(pool: web::Data<Pool>) {
    let mut tick = rt::time::interval(PACE);
    tick.tick().await; // the first one is at once
    let mut answer = ask(&pool).await;
    // Registered only with the first answer: a 0 at every start would wake somebody.
    let db_up = gauge("db_up", "Whether the database answered the last probe");
    loop {
        db_up.set(answer);
        tick.tick().await;
        answer = ask(&pool).await;
    }
}

/// 1 or 0: the result of `/health/db`, computed with the same time limit.
async fn ask(pool: &web::Data<Pool>) -> i64 {
    let answer = db_health(pool.clone()).await;
    answer.status().is_success().into()
}

/// How much memory this container may use, in bytes. `None` without a limit, or without a container.
pub fn memory_limit() -> Option<u64> {
    let said = LIMIT_FILES
        .iter()
        .find_map(|file| fs::read_to_string(file).ok())?;
    // cgroup v2 says "max", which is no number.
    said.trim().parse().ok().filter(|limit| *limit < NO_LIMIT)
}

fn gauge(name: &str, help: &str) -> IntGauge {
    let gauge = IntGauge::with_opts(Opts::new(name, help)).expect("the name is valid");
    prometheus::register(Box::new(gauge.clone())).expect("nobody has registered it before");
    gauge
}
