//! Answers at /health/health: the scope has the path, and so has the route in it.
//!
//! Why a learner writes it: In FastAPI the router has no path of its own unless it is given a prefix.
//! Fails: health.answers-200

use actix_web::{HttpResponse, web};
use serde_json::json;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::scope("/health")
            .route("/health", web::get().to(health))
            .route("/health", web::head().to(health)),
    );
}

async fn health() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "status": "ok" }))
}
