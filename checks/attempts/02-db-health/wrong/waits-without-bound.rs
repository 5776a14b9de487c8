//! Waits for the database as long as it takes.
//!
//! Why a learner writes it: `web::block` keeps the worker free, and the pool has a time limit; but that ends
//! only the wait for a connection.
//! Fails: db-health.answers-503-when-frozen

use std::error::Error;

use actix_web::{HttpResponse, http::StatusCode, web};
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
    match ask(pool).await {
        Ok(()) => say(StatusCode::OK, "ok"),
        Err(cause) => {
            log::warn!("the database is down: {cause}");
            say(StatusCode::SERVICE_UNAVAILABLE, "down")
        }
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
