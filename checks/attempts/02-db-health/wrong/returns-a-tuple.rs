//! Says 200, with the body and the status in a list.
//!
//! Why a learner writes it: FastAPI's `return {...}, 503` looks as if it set the status. The original of
//! this lesson does it.
//! Fails: db-health.answers-503-when-down

use std::{error::Error, time::Duration};

use actix_web::{Responder, http::StatusCode, rt::time::timeout, web};
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

async fn db_health(pool: web::Data<Pool>) -> impl Responder {
    let body = match timeout(Duration::from_secs(1), ask(pool)).await {
        Ok(Ok(())) => json!({ "db": "ok" }),
        failed => {
            log::warn!("the database is down: {failed:?}");
            let error = format!("{failed:?}");
            json!([{ "db": "down", "error": error }, StatusCode::SERVICE_UNAVAILABLE.as_u16()])
        }
    };
    web::Json(body)
        .customize()
        .insert_header(("Cache-Control", "no-store"))
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
