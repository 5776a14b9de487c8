//! Answers once; whoever comes second waits for ever.
//!
//! Why a learner writes it: Only one at a time, with a flag, and the line that takes the flag down again is
//! forgotten.
//! Fails: health.keeps-answering

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use actix_web::{HttpResponse, rt::time::sleep, web};
use serde_json::json;

static BUSY: AtomicBool = AtomicBool::new(false);

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health")
            .route(web::get().to(health))
            .route(web::head().to(health)),
    );
}

async fn health() -> HttpResponse {
    while BUSY.swap(true, Ordering::Relaxed) {
        sleep(Duration::from_millis(10)).await;
    }
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "status": "ok" }))
}
