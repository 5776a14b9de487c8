//! Two routes of the app, no resource.
//!
//! Right because: Directives are the same in any case, and JSON may have spaces in it.

use actix_web::{HttpResponse, Responder, web};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/health", web::get().to(health))
        .route("/health", web::head().to(health));
}

async fn health() -> impl Responder {
    let mut response = HttpResponse::Ok();
    response
        .append_header(("Cache-Control", "No-Store"))
        .append_header(("Pragma", "no-cache"))
        .content_type("application/json; charset=utf-8")
        .body("{\n  \"service\": \"readings\",\n  \"status\": \"ok\"\n}\n")
}
