//! A directive that does not exist: caches ignore what they do not know.
//!
//! Why a learner writes it: Header values are strings, and no compiler reads them.
//! Fails: health.forbids-caching

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
        .insert_header(("Cache-Control", "no_store"))
        .json(json!({ "status": "ok" }))
}
