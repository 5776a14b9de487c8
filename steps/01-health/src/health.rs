//! Liveness: can this process answer at all?

use actix_web::{HttpResponse, web};

/// `GET` and `HEAD /health`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/health", web::get().to(health));
}

// TODO(step 1): answer GET and HEAD with 200 and {"status":"ok"}, as JSON that no proxy may store.
// To look up: `HttpResponse::Ok`, `HttpResponseBuilder::json`, `http::header::CacheControl`, `web::resource`, `web::head`.
async fn health() -> HttpResponse {
    HttpResponse::NotImplemented().finish()
}
