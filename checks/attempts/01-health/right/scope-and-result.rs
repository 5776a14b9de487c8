//! A scope, a handler that returns a `Result`, and bytes that were made once.
//!
//! Right because: A scope with an empty path is `/health`, and bytes are as good as a struct.

use std::sync::LazyLock;

use actix_web::{
    HttpResponse, Result,
    http::{StatusCode, header},
    web::{self, Bytes},
};

static BODY: LazyLock<Bytes> =
    LazyLock::new(|| serde_json::to_vec(&serde_json::json!({ "status": "ok" })).unwrap_or_default().into());

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::scope("/health")
            .route("", web::get().to(health))
            .route("", web::head().to(health)),
    );
}

async fn health() -> Result<HttpResponse> {
    let mut response = HttpResponse::with_body(StatusCode::OK, BODY.clone()).map_into_boxed_body();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    Ok(response)
}
