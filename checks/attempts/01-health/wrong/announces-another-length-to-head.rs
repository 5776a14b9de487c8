//! `GET` got the version later; the body of the handler for `HEAD` was forgotten.
//!
//! Why a learner writes it: That body is never sent, so it seems to be of no importance. Its length is told all the same.
//! Fails: health.answers-head

use actix_web::{
    HttpResponse,
    http::header::{CacheControl, CacheDirective},
    web,
};
use serde_json::json;

/// `GET` and `HEAD /health`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health")
            .route(web::get().to(health))
            .route(web::head().to(health_head)),
    );
}

async fn health() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(CacheControl(vec![CacheDirective::NoStore]))
        .json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

// The body is left out by actix-web anyway.
async fn health_head() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(CacheControl(vec![CacheDirective::NoStore]))
        .json(json!({ "status": "ok" }))
}
