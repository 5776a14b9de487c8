//! Liveness: can this process answer at all?
//!
//! It does not depend on anything else. If it asked the database, a database that is down for a minute would make
//! every orchestrator restart every instance, and the outage would become yours.

use actix_web::{
    HttpResponse,
    http::header::{CacheControl, CacheDirective},
    web,
};
use serde_json::json;

/// `GET` and `HEAD /health`. Some load balancers probe with `HEAD`, so it is answered on purpose.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health")
            .route(web::get().to(health))
            .route(web::head().to(health)),
    );
}

async fn health() -> HttpResponse {
    HttpResponse::Ok()
        // No proxy between us and the caller may answer with yesterday's "ok".
        .insert_header(CacheControl(vec![CacheDirective::NoStore]))
        .json(json!({ "status": "ok" }))
}
