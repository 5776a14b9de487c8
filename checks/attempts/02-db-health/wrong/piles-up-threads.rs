//! A thread for every caller, bounded for the caller only.
//!
//! Why a learner writes it: `oneshot` brings the answer back without holding up the worker, which was the
//! point of the exercise.
//! Fails: db-health.does-not-pile-up

use std::{error::Error, thread, time::Duration};

use actix_web::{HttpResponse, http::StatusCode, rt::time::timeout, web};
use diesel::{RunQueryDsl, sql_query};
use serde_json::json;
use solutions::db::Pool;
use tokio::sync::oneshot;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health/db")
            .route(web::get().to(db_health))
            .route(web::head().to(db_health)),
    );
}

async fn db_health(pool: web::Data<Pool>) -> HttpResponse {
    let (tell, told) = oneshot::channel();
    thread::spawn(move || tell.send(ask(&pool)));
    let told = timeout(Duration::from_secs(1), told).await;
    if let Ok(Ok(Ok(()))) = told {
        return say(StatusCode::OK, "ok");
    }
    log::warn!("the database is down: {told:?}");
    say(StatusCode::SERVICE_UNAVAILABLE, "down")
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
