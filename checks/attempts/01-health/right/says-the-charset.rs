//! Sends a constant, names the charset, and forbids caching in every way there is.
//!
//! Right because: JSON is UTF-8 with or without the parameter, and `no-store` is among the directives.

use actix_web::{
    HttpResponse, Resource,
    http::{Method, header},
    web::{self, Bytes},
};

const BODY: &[u8] =
    b"{ \"service\": \"readings\", \"version\": \"0.1.0\",\n  \"status\": \"ok\" }\n";

pub fn routes(cfg: &mut web::ServiceConfig) {
    let resource = [Method::HEAD, Method::GET]
        .into_iter()
        .fold(web::resource("/health"), |resource: Resource, method| {
            resource.route(web::method(method).to(health))
        });
    cfg.service(resource);
}

async fn health() -> HttpResponse {
    let mut answer =
        HttpResponse::with_body(actix_web::http::StatusCode::OK, Bytes::from_static(BODY));
    let headers = answer.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static("application/json; charset=utf-8"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-cache, no-store, must-revalidate, max-age=0"),
    );
    headers.insert(header::PRAGMA, header::HeaderValue::from_static("no-cache"));
    headers.insert(header::EXPIRES, header::HeaderValue::from_static("0"));
    answer.map_into_boxed_body()
}
