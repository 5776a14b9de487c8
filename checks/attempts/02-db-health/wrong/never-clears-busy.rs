//! Down for ever once a question has timed out: the flag stays up.
//!
//! Why a learner writes it: What comes after an `.await` is not run when somebody else gives up waiting for
//! it.
//! Fails: db-health.recovers-from-a-freeze

use std::{
    error::Error,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use actix_web::{
    HttpResponse,
    http::StatusCode,
    rt::time::{sleep, timeout},
    web,
};
use diesel::{RunQueryDsl, sql_query};
use serde_json::json;
use solutions::db::Pool;

static BUSY: AtomicBool = AtomicBool::new(false);

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health/db")
            .route(web::get().to(db_health))
            .route(web::head().to(db_health)),
    );
}

async fn db_health(pool: web::Data<Pool>) -> HttpResponse {
    let asked = timeout(Duration::from_millis(1500), ask(pool)).await;
    if let Ok(Ok(())) = asked {
        return say(StatusCode::OK, "ok");
    }
    log::warn!("the database is down: {asked:?}");
    say(StatusCode::SERVICE_UNAVAILABLE, "down")
}

fn say(status: StatusCode, word: &str) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "db": word }))
}

async fn ask(pool: web::Data<Pool>) -> Result<(), Box<dyn Error + Send + Sync>> {
    while BUSY.swap(true, Ordering::Relaxed) {
        sleep(Duration::from_millis(20)).await;
    }
    let asked = web::block(move || {
        sql_query("SELECT 1").execute(&mut pool.get()?)?;
        Ok(())
    })
    .await;
    BUSY.store(false, Ordering::Relaxed);
    asked?
}
