//! The 503 comes from actix's own error, which is plain text and may be kept.
//!
//! Why a learner writes it: It is the nearest thing to FastAPI's `raise HTTPException(503)`.
//! Fails: db-health.says-json
//! Fails: db-health.forbids-caching

use std::{error::Error, time::Duration};

use actix_web::{HttpResponse, error::ErrorServiceUnavailable, rt::time::timeout, web};
use diesel::{RunQueryDsl, sql_query};
use serde_json::json;
use solutions::db::Pool;
use tokio::sync::Semaphore;

static TURN: Semaphore = Semaphore::const_new(1);

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health/db")
            .route(web::get().to(db_health))
            .route(web::head().to(db_health)),
    );
}

async fn db_health(pool: web::Data<Pool>) -> actix_web::Result<HttpResponse> {
    let asked = timeout(Duration::from_secs(1), ask(pool)).await;
    if !matches!(asked, Ok(Ok(()))) {
        log::warn!("the database is down: {asked:?}");
        return Err(ErrorServiceUnavailable(json!({ "db": "down" })));
    }
    Ok(HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "db": "ok" })))
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
