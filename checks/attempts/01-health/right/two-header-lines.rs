//! Two Cache-Control lines, the second in capitals.
//!
//! Right because: HTTP reads two lines as one list, and directives in any case.

use actix_web::{HttpResponse, web};
use serde_json::json;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health")
            .route(web::get().to(health))
            .route(web::head().to(health)),
    );
}

async fn health() -> HttpResponse {
    HttpResponse::Ok()
        .append_header(("Cache-Control", "max-age=0"))
        .append_header(("Cache-Control", "No-Store"))
        .json(json!({ "status": "ok" }))
}
