//! Ends the whole program at the first question: a setting is missing.
//!
//! Why a learner writes it: It is how `config` treats a setting that cannot be used, but there it happens
//! before anybody has asked.
//! Fails: health.answers-200

use std::{env, process};

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
    let Ok(version) = env::var("READINGS_VERSION") else {
        log::error!("READINGS_VERSION is not set");
        process::exit(2);
    };
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "status": "ok", "version": version }))
}
