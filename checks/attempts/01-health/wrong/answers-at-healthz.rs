//! Answers at /healthz.
//!
//! Why a learner writes it: Kubernetes' own programs call it that, and most tutorials copy them.
//! Fails: health.answers-200

use actix_web::{HttpResponse, web};
use serde_json::json;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/healthz")
            .route(web::get().to(health))
            .route(web::head().to(health)),
    );
}

async fn health() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "status": "ok" }))
}
