//! The attribute macro, for both methods.
//!
//! Right because: The macro takes both methods; one more header does no harm.

use std::collections::BTreeMap;

use actix_web::{Responder, http::header, route, web};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(health);
}

#[route("/health", method = "GET", method = "HEAD")]
async fn health() -> impl Responder {
    web::Json(BTreeMap::from([("status", "ok")]))
        .customize()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::EXPIRES, "0"))
}
