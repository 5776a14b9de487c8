//! The header comes from a middleware around the resource.
//!
//! Right because: It is on every answer of the resource.

use actix_web::{HttpResponse, middleware::DefaultHeaders, web};
use serde_json::json;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health")
            .wrap(DefaultHeaders::new().add(("Cache-Control", "no-store")))
            .route(web::get().to(health))
            .route(web::head().to(health)),
    );
}

async fn health() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}
