//! The probe waits until the database answers.
//!
//! Why a learner writes it: The database answers or refuses, on a laptop. One that does neither keeps the
//! gauge from ever being set.
//! Fails: alert-rules.bounds-the-probe

use std::{error::Error, fs, thread, time::Duration};

use actix_web::{rt, web};
use diesel::{RunQueryDsl, sql_query};
use prometheus::{IntGauge, Opts};
use solutions::db::Pool;

const PACE: Duration = Duration::from_secs(15);

pub fn watch(pool: web::Data<Pool>) {
    if let Some(limit) = memory_limit() {
        gauge("process_memory_limit_bytes").set(limit as i64);
    }
    thread::spawn(move || {
        let runtime = rt::Runtime::new().expect("a thread may have a runtime");
        runtime.block_on(keep_asking(pool));
    });
}

async fn keep_asking(pool: web::Data<Pool>) {
    let mut tick = rt::time::interval(PACE);
    tick.tick().await;
    let mut answer = ask(&pool).await;
    let db_up = gauge("db_up");
    loop {
        db_up.set(answer);
        tick.tick().await;
        answer = ask(&pool).await;
    }
}

async fn ask(pool: &web::Data<Pool>) -> i64 {
    select_one(pool.clone()).await.is_ok().into()
}

async fn select_one(pool: web::Data<Pool>) -> Result<(), Box<dyn Error + Send + Sync>> {
    web::block(move || {
        let mut connection = pool.get()?;
        sql_query("SELECT 1").execute(&mut connection)?;
        Ok(())
    })
    .await?
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
