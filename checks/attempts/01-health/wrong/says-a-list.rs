//! A list of the body and the status.
//!
//! Why a learner writes it: `return {...}, 200` is how Flask does it; here a tuple becomes a JSON list.
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
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json((json!({ "status": "ok" }), StatusCode::OK.as_u16()))
}
