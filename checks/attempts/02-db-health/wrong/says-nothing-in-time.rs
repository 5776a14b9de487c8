//! A 503 without a body, a type or a no-store when time runs out; when the database refuses all is well.
//!
//! Why a learner writes it: The branch of the timeout is written last and tried never.
//! Fails: db-health.logs-a-timeout
//! Fails: db-health.says-json
//! Fails: db-health.says-down
//! Fails: db-health.forbids-caching

use std::{error::Error, time::Duration};

use actix_web::{HttpResponse, http::StatusCode, rt::time::timeout, web};
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

async fn db_health(pool: web::Data<Pool>) -> HttpResponse {
    match timeout(Duration::from_secs(1), ask(pool)).await {
        Ok(Ok(())) => say(StatusCode::OK, "ok"),
        Ok(Err(cause)) => {
            log::warn!("the database is down: {cause}");
            say(StatusCode::SERVICE_UNAVAILABLE, "down")
        }
        Err(_) => HttpResponse::ServiceUnavailable().finish(),
    }
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
