//! Pragma and Expires, and a Cache-Control without no-store.
//!
//! Why a learner writes it: Copied from an old answer that had to please HTTP/1.0 proxies.
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
        .insert_header(("Cache-Control", "no-cache, must-revalidate"))
        .insert_header(("Pragma", "no-store"))
        .insert_header(("Expires", "0"))
        .json(json!({ "status": "ok" }))
}
