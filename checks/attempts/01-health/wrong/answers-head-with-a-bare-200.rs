//! `HEAD` gets a bare 200, without the headers that `GET` gets.
//!
//! Why a learner writes it: `HEAD` has no body, so `HttpResponse::Ok` seems to be all that it takes.
//! Fails: health.answers-head

use actix_web::{
    HttpResponse,
    http::header::{CacheControl, CacheDirective},
    web,
};
use serde_json::json;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health")
            .route(web::get().to(health))
            .route(web::head().to(HttpResponse::Ok)),
    );
}

async fn health() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(CacheControl(vec![CacheDirective::NoStore]))
        .json(json!({ "status": "ok" }))
}
