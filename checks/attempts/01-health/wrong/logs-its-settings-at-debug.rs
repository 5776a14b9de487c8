//! Logs the environment at DEBUG, but for names that sound secret.
//!
//! Why a learner writes it: "which settings did it start with?" is what everybody asks first; DATABASE_URL does not
//! sound secret.
//! Fails: health.keeps-secrets

use std::env;

use actix_web::{
    HttpResponse,
    http::header::{CacheControl, CacheDirective},
    web,
};
use serde_json::json;

/// A variable with one of these words in its name is not for the log.
const SECRET: [&str; 4] = ["PASSWORD", "SECRET", "TOKEN", "KEY"];

/// `GET` and `HEAD /health`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    log_settings();
    cfg.service(
        web::resource("/health")
            .route(web::get().to(health))
            .route(web::head().to(health)),
    );
}

fn log_settings() {
    if !log::log_enabled!(log::Level::Debug) {
        return;
    }
    for (name, value) in env::vars_os() {
        let (name, value) = (name.to_string_lossy(), value.to_string_lossy());
        if !SECRET.iter().any(|word| name.contains(word)) {
            log::debug!("setting {name}={value}");
        }
    }
}

async fn health() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(CacheControl(vec![CacheDirective::NoStore]))
        .json(json!({ "status": "ok" }))
}
