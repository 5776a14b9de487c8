//! Asks in the async function itself and holds up the worker thread, /health and all.
//!
//! Why a learner writes it: diesel's calls do not need `.await`, so they go in just like that.
//! Fails: db-health.answers-503-when-frozen
//! Fails: db-health.leaves-liveness-fast

use std::error::Error;

use actix_web::{HttpResponse, http::StatusCode, web};
use diesel::{RunQueryDsl, sql_query};
use serde_json::json;
use solutions::db::Pool;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health/db")
            .route(web::get().to(db_health))
            .route(web::head().to(db_health)),
    );
}

async fn db_health(pool: web::Data<Pool>) -> HttpResponse {
    match ask(&pool) {
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

fn ask(pool: &Pool) -> Result<(), Box<dyn Error + Send + Sync>> {
    sql_query("SELECT 1").execute(&mut pool.get()?)?;
    Ok(())
}
