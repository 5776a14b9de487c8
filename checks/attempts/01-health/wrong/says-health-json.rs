//! The media type of an Internet draft that nobody's client asks for.
//!
//! Why a learner writes it: A draft (draft-inadarei-api-health-check) has a media type of its own for health
//! checks.
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
        .content_type("application/health+json")
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "status": "ok" }))
}
