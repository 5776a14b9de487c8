//! One function for GET, one for HEAD, both with a macro.
//!
//! Right because: HEAD is answered on purpose, and with the same headers.

use actix_web::{HttpResponse, get, head, web};
use serde_json::json;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(health).service(health_head);
}

#[get("/health")]
async fn health() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "status": "ok" }))
}

#[head("/health")]
async fn health_head() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header(("Cache-Control", "no-store"))
        .finish()
}
