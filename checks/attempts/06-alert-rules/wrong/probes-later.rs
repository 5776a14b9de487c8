//! The first probe comes after 15 s; until then the gauge stands at 0.
//!
//! Why a learner writes it: An interval waits first, in most libraries.
//! Fails: alert-rules.says-up

use std::{fs, thread, time::Duration};

use actix_web::{rt, web};
use prometheus::{IntGauge, Opts};
use solutions::{
    db::{MAX_CONNECTIONS, Pool},
    db_health::db_health,
};

const PACE: Duration = Duration::from_secs(15);

const LIMIT_FILES: [&str; 2] = [
    "/sys/fs/cgroup/memory.max",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
];

const NO_LIMIT: u64 = 1 << 60;

pub fn watch(pool: web::Data<Pool>) {
    if let Some(limit) = memory_limit() {
        gauge(
            "process_memory_limit_bytes",
            "Memory that this container may use",
        )
        .set(limit as i64);
    }
    thread::spawn(move || {
        let runtime = rt::Runtime::new().expect("a thread may have a runtime");
        runtime.block_on(keep_asking(pool));
    });
}

async fn keep_asking(pool: web::Data<Pool>) {
    let mut tick = rt::time::interval(PACE);
    tick.tick().await;
    let mut answer = 0;
    let db_up = gauge("db_up", "Whether the database answered the last probe");
    let most = gauge("db_pool_connections_max", "Connections that there may be");
    let open = gauge("db_pool_connections", "Connections to the database");
    let idle = gauge("db_pool_connections_idle", "Those that nobody uses");
    most.set(MAX_CONNECTIONS.into());
    loop {
        db_up.set(answer);
        open.set(pool.state().connections.into());
        idle.set(pool.state().idle_connections.into());
        tick.tick().await;
        answer = ask(&pool).await;
    }
}

async fn ask(pool: &web::Data<Pool>) -> i64 {
    let answer = db_health(pool.clone()).await;
    answer.status().is_success().into()
}

pub fn memory_limit() -> Option<u64> {
    let said = LIMIT_FILES
        .iter()
        .find_map(|file| fs::read_to_string(file).ok())?;
    said.trim().parse().ok().filter(|limit| *limit < NO_LIMIT)
}

fn gauge(name: &str, help: &str) -> IntGauge {
    let gauge = IntGauge::with_opts(Opts::new(name, help)).expect("the name is valid");
    prometheus::register(Box::new(gauge.clone())).expect("nobody has registered it before");
    gauge
}
