//! A type that is its own answer.
//!
//! Right because: `Responder` is where a type says how it is answered.

use actix_web::{HttpRequest, HttpResponse, Responder, body::BoxBody, web};
use serde::Serialize;

#[derive(Serialize)]
#[serde(tag = "status", rename_all = "lowercase")]
enum Health {
    Ok,
}

impl Responder for Health {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok()
            .insert_header(("Cache-Control", "no-store"))
            .json(self)
    }
}

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health")
            .route(web::get().to(health))
            .route(web::head().to(health)),
    );
}

async fn health() -> Health {
    Health::Ok
}
