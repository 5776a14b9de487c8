//! Single quotes: Python would read it, JSON does not allow it.
//!
//! Why a learner writes it: Written by hand with `format!`, where double quotes need backslashes.
//! Fails: health.says-ok

use actix_web::{HttpResponse, http::header::ContentType, web};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health")
            .route(web::get().to(health))
            .route(web::head().to(health)),
    );
}

async fn health() -> HttpResponse {
    let status = "ok";
    HttpResponse::Ok()
        .content_type(ContentType::json())
        .insert_header(("Cache-Control", "no-store"))
        .body(format!("{{'status': '{status}'}}"))
}
