//! Sends a tag with each answer, and 304 without a body to whoever has it.
//!
//! Why a learner writes it: it saves bytes for callers that ask often.
//! Fails: health.keeps-answering

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CacheControl, CacheDirective, ETAG, IF_NONE_MATCH},
    web,
};
use serde_json::json;

/// The body never changes within one version, so its tag is the version.
const TAG: &str = concat!("\"", env!("CARGO_PKG_VERSION"), "\"");

/// `GET` and `HEAD /health`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health")
            .route(web::get().to(health))
            .route(web::head().to(health)),
    );
}

async fn health(req: HttpRequest) -> HttpResponse {
    let known = req.headers().get(IF_NONE_MATCH).is_some_and(|tags| {
        let tags = String::from_utf8_lossy(tags.as_bytes());
        tags.split(',')
            .map(|tag| tag.trim().trim_start_matches("W/"))
            .any(|tag| tag == TAG || tag == "*")
    });
    let mut answer = match known {
        true => HttpResponse::NotModified(),
        false => HttpResponse::Ok(),
    };
    answer
        .insert_header(CacheControl(vec![CacheDirective::NoStore]))
        .insert_header((ETAG, TAG));
    if known {
        return answer.finish();
    }
    answer.json(json!({ "status": "ok" }))
}
