//! Only GET.
//!
//! Why a learner writes it: In many frameworks GET brings HEAD along; in actix-web it does not.
//! Fails: health.answers-head

use actix_web::{HttpResponse, get};
use serde_json::json;

pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    cfg.service(health);
}

#[get("/health")]
async fn health() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "status": "ok" }))
}
