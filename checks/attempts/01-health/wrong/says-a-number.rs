//! Repeats the status code in the body instead of saying "ok".
//!
//! Why a learner writes it: "status" is also what the number in the status line is called.
//! Fails: health.says-ok

use actix_web::{HttpResponse, http::StatusCode, web};
use serde_json::json;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health")
            .route(web::get().to(health))
            .route(web::head().to(health)),
    );
}

async fn health() -> HttpResponse {
    let status = StatusCode::OK;
    HttpResponse::build(status)
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "status": status.as_u16() }))
}
