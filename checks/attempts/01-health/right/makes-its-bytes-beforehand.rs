//! One route for both methods, in a scope, with bytes that were made beforehand.
//!
//! Right because: indented JSON is JSON, and no-store stands among others.

use std::sync::LazyLock;

use actix_web::{
    HttpResponse, guard,
    http::header::{CACHE_CONTROL, CONTENT_TYPE, PRAGMA},
    web,
};
use serde_json::json;

/// The answer never changes.
static BODY: LazyLock<web::Bytes> = LazyLock::new(|| {
    let answer = json!({
        "checks": [],
        "links": { "database": "/health/db" },
        "status": "ok",
        "version": { "name": env!("CARGO_PKG_NAME"), "number": env!("CARGO_PKG_VERSION") },
    });
    web::Bytes::from(format!("{answer:#}\n"))
});

/// `GET` and `HEAD /health`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::scope("/health").service(
            web::resource("").route(
                web::route()
                    .guard(guard::Any(guard::Get()).or(guard::Head()))
                    .to(say_it),
            ),
        ),
    );
}

async fn say_it() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "private, no-cache, no-store, max-age=0"))
        .insert_header((PRAGMA, "no-cache"))
        .insert_header((CONTENT_TYPE, "application/json; charset=utf-8"))
        .body(BODY.clone())
}
