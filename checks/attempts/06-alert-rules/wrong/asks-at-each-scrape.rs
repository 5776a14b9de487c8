//! The database is asked when Prometheus asks.
//!
//! Why a learner writes it: A collector is what Prometheus' own exporters have, and the value is always
//! fresh. While the database hangs, so does the scrape.
//! Fails: alert-rules.keeps-scrapes-swift

use std::{fs, sync::mpsc, thread, time::Duration};

use actix_web::{rt, web};
use prometheus::{
    IntGauge, Opts,
    core::{Collector, Desc},
    proto::MetricFamily,
};
use solutions::{db::Pool, db_health::db_health};

/// Asks whenever it is asked.
struct DbUp {
    pool: web::Data<Pool>,
    gauge: IntGauge,
}

impl Collector for DbUp {
    fn desc(&self) -> Vec<&Desc> {
        self.gauge.desc()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let (sender, receiver) = mpsc::channel();
        let pool = self.pool.clone();
        thread::spawn(move || {
            let runtime = rt::Runtime::new().expect("a thread may have a runtime");
            let answer = runtime.block_on(db_health(pool));
            let _ = sender.send(answer.status().is_success());
            runtime.block_on(std::future::pending::<()>());
        });
        let up = receiver.recv_timeout(Duration::from_secs(2));
        self.gauge.set(up.unwrap_or(false).into());
        self.gauge.collect()
    }
}

pub fn watch(pool: web::Data<Pool>) {
    if let Some(limit) = memory_limit() {
        let gauge = gauge("process_memory_limit_bytes");
        gauge.set(limit as i64);
        prometheus::register(Box::new(gauge)).expect("nobody has registered it before");
    }
    let gauge = gauge("db_up");
    prometheus::register(Box::new(DbUp { pool, gauge })).expect("nobody has registered it before");
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
    IntGauge::with_opts(Opts::new(name, name)).expect("the name is valid")
}
