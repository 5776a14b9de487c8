//! Two handlers with attribute macros: HEAD repeats what GET says.
//!
//! Right because: HEAD has a handler of its own, with the same headers and the same length.

use actix_web::{HttpResponse, get, head, http::header::CacheControl, http::header::CacheDirective, web};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(ask).service(peek);
}

fn answer() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(CacheControl(vec![
            CacheDirective::NoStore,
            CacheDirective::MaxAge(0),
        ]))
        .json(serde_json::json!({ "status": "ok", "checks": [] }))
}

#[get("/health")]
async fn ask() -> HttpResponse {
    answer()
}

#[head("/health")]
async fn peek() -> HttpResponse {
    answer()
}
