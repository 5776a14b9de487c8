//! Panics: an environment variable is taken for granted.
//!
//! Why a learner writes it: READINGS_VERSION is set on the learner's own machine, by Compose, by CI; and the
//! answer should name the version.
//! Fails: health.answers-200

use std::env;

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
    let version = env::var("READINGS_VERSION").expect("READINGS_VERSION");
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "status": "ok", "version": version }))
}
