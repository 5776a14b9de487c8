//! Says its version and how long it has been up, too.
//!
//! Right because: More fields are allowed, and none of them asks anybody else.

use std::{sync::LazyLock, time::Instant};

use actix_web::{HttpResponse, web};
use serde_json::json;

static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);

pub fn routes(cfg: &mut web::ServiceConfig) {
    LazyLock::force(&STARTED);
    cfg.service(
        web::resource("/health")
            .route(web::get().to(health))
            .route(web::head().to(health)),
    );
}

async fn health() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({
            "version": env!("CARGO_PKG_VERSION"),
            "status": "ok",
            "up_s": STARTED.elapsed().as_secs(),
        }))
}
