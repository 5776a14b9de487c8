//! Once down, always down: it never asks again.
//!
//! Why a learner writes it: A down that has been found out need not be found out again; who takes it back is
//! not thought of.
//! Fails: db-health.recovers
//! Fails: db-health.recovers-from-a-freeze
//! Fails: db-health.starts-without-database
//! Fails: db-health.answers-503-on-error

use std::{
    error::Error,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use actix_web::{HttpResponse, http::StatusCode, rt::time::timeout, web};
use diesel::{RunQueryDsl, sql_query};
use serde_json::json;
use solutions::db::Pool;
use tokio::sync::Semaphore;

static DOWN: AtomicBool = AtomicBool::new(false);

static TURN: Semaphore = Semaphore::const_new(1);

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health/db")
            .route(web::get().to(db_health))
            .route(web::head().to(db_health)),
    );
}

async fn db_health(pool: web::Data<Pool>) -> HttpResponse {
    if !DOWN.load(Ordering::Relaxed) {
        let asked = timeout(Duration::from_secs(1), ask(pool)).await;
        if let Ok(Ok(())) = asked {
            return say(StatusCode::OK, "ok");
        }
        log::warn!("the database is down: {asked:?}");
        DOWN.store(true, Ordering::Relaxed);
    }
    say(StatusCode::SERVICE_UNAVAILABLE, "down")
}

fn say(status: StatusCode, word: &str) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "db": word }))
}

async fn ask(pool: web::Data<Pool>) -> Result<(), Box<dyn Error + Send + Sync>> {
    let turn = TURN.acquire().await?;
    web::block(move || {
        let _turn = turn;
        sql_query("SELECT 1").execute(&mut pool.get()?)?;
        Ok(())
    })
    .await?
}
