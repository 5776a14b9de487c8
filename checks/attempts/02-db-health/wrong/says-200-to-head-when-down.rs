//! `HEAD` is told that all is well, whatever the database does.
//!
//! Why a learner writes it: `HEAD` was answered only to satisfy the self-check, by a handler of its own.
//! Fails: db-health.answers-head-when-down

use std::{error::Error, time::Duration};

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{CacheControl, CacheDirective},
    },
    rt::time::timeout,
    web,
};
use diesel::{RunQueryDsl, sql_query};
use serde_json::json;
use tokio::sync::Semaphore;

use solutions::db::Pool;

const DEADLINE: Duration = Duration::from_secs(1);

static TURN: Semaphore = Semaphore::const_new(1);

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health/db")
            .route(web::get().to(db_health))
            .route(web::head().to(head)),
    );
}

async fn db_health(pool: web::Data<Pool>) -> HttpResponse {
    let (status, word) = match timeout(DEADLINE, select_one(pool)).await {
        Ok(Ok(())) => (StatusCode::OK, "ok"),
        Ok(Err(cause)) => {
            log::warn!("the database is down: {cause}");
            (StatusCode::SERVICE_UNAVAILABLE, "down")
        }
        Err(_) => {
            log::warn!("the database is down: no answer within {DEADLINE:?}");
            (StatusCode::SERVICE_UNAVAILABLE, "down")
        }
    };
    HttpResponse::build(status)
        .insert_header(CacheControl(vec![CacheDirective::NoStore]))
        .json(json!({ "db": word }))
}

async fn head() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(CacheControl(vec![CacheDirective::NoStore]))
        .json(json!({ "db": "ok" }))
}

async fn select_one(pool: web::Data<Pool>) -> Result<(), Box<dyn Error + Send + Sync>> {
    let turn = TURN.acquire().await?;
    web::block(move || {
        let _turn = turn;
        let mut connection = pool.get()?;
        sql_query("SELECT 1").execute(&mut connection)?;
        Ok(())
    })
    .await?
}
