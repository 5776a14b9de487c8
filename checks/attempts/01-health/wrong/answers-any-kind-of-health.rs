//! /health/{anything} is healthy as well.
//!
//! Why a learner writes it: Makes room for /health/db of the next step, and forgets that what does not exist
//! must not be healthy.
//! Fails: health.leaves-other-paths-alone

use actix_web::{HttpResponse, web};
use serde_json::json;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource(["/health", "/health/{part}"])
            .route(web::get().to(health))
            .route(web::head().to(health)),
    );
}

async fn health() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "status": "ok" }))
}
