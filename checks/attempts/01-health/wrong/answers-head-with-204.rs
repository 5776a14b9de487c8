//! 200 to GET, 204 to HEAD.
//!
//! Why a learner writes it: HEAD has no body, and no body is 204, is it not?
//! Fails: health.answers-head

use actix_web::{HttpResponse, web};
use serde_json::json;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health")
            .route(web::get().to(health))
            .route(web::head().to(HttpResponse::NoContent)),
    );
}

async fn health() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "status": "ok" }))
}
