//! A JSON string with JSON in it.
//!
//! Why a learner writes it: `json` is given what is JSON already.
//! Fails: health.says-ok

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
    let body = json!({ "status": "ok" }).to_string();
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(body)
}
