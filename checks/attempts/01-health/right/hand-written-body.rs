//! The body as a string, with blanks and a line break, and a charset in the type.
//!
//! Right because: JSON may have blanks, and a media type parameters.

use actix_web::{HttpResponse, web};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health")
            .route(web::get().to(health))
            .route(web::head().to(health)),
    );
}

async fn health() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("Content-Type", "application/json; charset=utf-8"))
        .insert_header(("Cache-Control", "no-store"))
        .body("{ \"status\": \"ok\" }\n")
}
