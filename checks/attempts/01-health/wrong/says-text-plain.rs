//! The right bytes, called text/plain.
//!
//! Why a learner writes it: A string is a `Responder`, and it looks like JSON.
//! Fails: health.says-json

use actix_web::{Responder, web};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health")
            .route(web::get().to(health))
            .route(web::head().to(health)),
    );
}

async fn health() -> impl Responder {
    r#"{"status":"ok"}"#
        .customize()
        .insert_header(("Cache-Control", "no-store"))
}
