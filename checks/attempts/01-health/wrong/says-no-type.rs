//! The right bytes, and not a word about what they are.
//!
//! Why a learner writes it: `body` takes any string; that only `json` sets the type is nowhere to be seen.
//! Fails: health.says-json

use actix_web::{HttpResponse, web};
use serde_json::json;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health")
            .route(web::get().to(health))
            .route(web::head().to(health)),
    );
}

async fn health() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .body(json!({ "status": "ok" }).to_string())
}
