//! Panics when there is no connection.
//!
//! Why a learner writes it: `unwrap` makes the compiler content; in a thread nobody notices the panic.
//! Fails: alert-rules.says-down

use std::{fs, thread, time::Duration};

use actix_web::web;
use diesel::{RunQueryDsl, sql_query};
use prometheus::{IntGauge, Opts};
use solutions::db::Pool;

pub fn watch(pool: web::Data<Pool>) {
    if let Some(limit) = memory_limit() {
        gauge("process_memory_limit_bytes").set(limit as i64);
    }
    thread::spawn(move || {
        let db_up = gauge("db_up");
        db_up.set(1);
        loop {
            let mut connection = pool.get().unwrap();
            db_up.set(
                sql_query("SELECT 1")
                    .execute(&mut connection)
                    .is_ok()
                    .into(),
            );
            thread::sleep(Duration::from_secs(15));
        }
    });
}

pub fn memory_limit() -> Option<u64> {
    let said = [
        "/sys/fs/cgroup/memory.max",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
    ]
    .iter()
    .find_map(|file| fs::read_to_string(file).ok())?;
    said.trim().parse().ok().filter(|limit| *limit < 1 << 60)
}

fn gauge(name: &str) -> IntGauge {
    let gauge = IntGauge::with_opts(Opts::new(name, name)).expect("the name is valid");
    prometheus::register(Box::new(gauge.clone())).expect("nobody has registered it before");
    gauge
}
