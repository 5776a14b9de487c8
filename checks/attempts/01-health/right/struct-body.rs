//! A type of its own, `web::Json` and `customize`.
//!
//! Right because: It ends up as the same bytes.

use actix_web::{Responder, web};
use serde::Serialize;

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health")
            .route(web::get().to(health))
            .route(web::head().to(health)),
    );
}

async fn health() -> impl Responder {
    web::Json(Health { status: "ok" })
        .customize()
        .insert_header(("cache-control", "no-store"))
}
