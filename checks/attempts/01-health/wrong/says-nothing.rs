//! 200 and nothing else.
//!
//! Why a learner writes it: The stub with `Ok` in the place of `NotImplemented`: the status turns green in
//! the browser.
//! Fails: health.says-json
//! Fails: health.says-ok
//! Fails: health.forbids-caching
//! Fails: health.answers-head

use actix_web::{HttpResponse, web};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/health", web::get().to(health));
}

async fn health() -> HttpResponse {
    HttpResponse::Ok().finish()
}
