//! The default service: every path that does not exist is healthy.
//!
//! Why a learner writes it: `default_service` is found first, and it works whatever the path is called.
//! Fails: health.leaves-other-paths-alone
//! Fails: health.refuses-other-methods

use actix_web::{HttpResponse, web};
use serde_json::json;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.default_service(web::to(health));
}

async fn health() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "status": "ok" }))
}
