//! Looks up the name of the database in each probe, and says 503 where nobody knows it.
//!
//! Why a learner writes it: it does not ask the database, it only makes sure that the configuration makes sense.
//! Fails: health.leaves-the-database-alone

use std::{env, net::ToSocketAddrs};

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{CacheControl, CacheDirective},
    },
    web,
};
use serde_json::json;

/// `GET` and `HEAD /health`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health")
            .route(web::get().to(health))
            .route(web::head().to(health)),
    );
}

async fn health() -> HttpResponse {
    let (status, word) = match configured() {
        true => (StatusCode::OK, "ok"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "misconfigured"),
    };
    HttpResponse::build(status)
        .insert_header(CacheControl(vec![CacheDirective::NoStore]))
        .json(json!({ "status": word }))
}

/// Whether the host of the database exists. It is not called.
fn configured() -> bool {
    let url = env::var("DATABASE_URL").unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else {
        return true; // a file
    };
    if !scheme.starts_with("postgres") {
        return true;
    }
    let place = rest.rsplit('@').next().unwrap_or(rest);
    let place = place.split(['/', '?']).next().unwrap_or(place);
    match place.contains(':') {
        true => place.to_socket_addrs().is_ok(),
        false => (place, 5432).to_socket_addrs().is_ok(),
    }
}
