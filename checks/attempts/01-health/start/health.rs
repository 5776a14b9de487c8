//! Liveness: can this process answer at all?

use actix_web::{HttpResponse, web};

/// `GET` and `HEAD /health`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/health", web::get().to(health));
}

// TODO(step 1): say 200 and {"status":"ok"}, as JSON that nobody may keep, to GET and to HEAD.
// To look up: `HttpResponse::Ok`, `HttpResponseBuilder::json`, `http::header::CacheControl`, `web::resource`, `web::head`.
async fn health() -> HttpResponse {
    HttpResponse::NotImplemented().finish()
}
