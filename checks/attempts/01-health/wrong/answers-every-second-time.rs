//! Says 200 and 503 in turn.
//!
//! Why a learner writes it: A flag should keep two questions apart, but it is flipped once for each question
//! instead of set and taken down.
//! Fails: health.keeps-answering

use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::{HttpResponse, web};
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
    let busy = BUSY.fetch_xor(true, Ordering::Relaxed);
    let mut response = if busy {
        HttpResponse::ServiceUnavailable()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "status": if busy { "busy" } else { "ok" } }))
}
