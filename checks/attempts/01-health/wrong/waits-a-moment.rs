//! Thinks for 700 ms about every answer.
//!
//! Why a learner writes it: A health check should check something: whether the timers still run, for
//! example.
//! Fails: health.leaves-the-database-alone

use std::time::Duration;

use actix_web::{HttpResponse, rt::time::sleep, web};
use serde_json::json;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health")
            .route(web::get().to(health))
            .route(web::head().to(health)),
    );
}

async fn health() -> HttpResponse {
    sleep(Duration::from_millis(700)).await;
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "status": "ok", "timers": "ok" }))
}
