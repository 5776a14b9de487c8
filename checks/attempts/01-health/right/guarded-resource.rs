//! A resource with a guard for both methods.
//!
//! Right because: Whoever uses another method is not answered by it.

use actix_web::{HttpResponse, guard, web};
use serde_json::json;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health")
            .guard(guard::Any(guard::Get()).or(guard::Head()))
            .to(health),
    );
}

async fn health() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "status": "ok" }))
}
