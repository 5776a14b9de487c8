//! Says "OK" in capitals: the name of an enum's variant.
//!
//! Why a learner writes it: Serde writes a variant as it is spelt, and `rename_all` is easily forgotten.
//! Fails: health.says-ok

use actix_web::{HttpResponse, web};
use serde::Serialize;

#[derive(Serialize)]
enum Status {
    OK,
}

#[derive(Serialize)]
struct Health {
    status: Status,
}

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
        .json(Health { status: Status::OK })
}
