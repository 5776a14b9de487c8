//! A type of its own that knows how to answer.
//!
//! Right because: Any type may answer if it is a `Responder`, and the loop makes one route for each method.

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::{Method, header::ContentType},
    web,
};

struct Alive;

impl Responder for Alive {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        log::trace!("{:?}", request.headers());
        HttpResponse::Ok()
            .insert_header(ContentType::json())
            .insert_header(("cache-control", "no-store"))
            .insert_header(("x-content-type-options", "nosniff"))
            .body(r#"{"status":"ok"}"#)
    }
}

pub fn routes(cfg: &mut web::ServiceConfig) {
    let mut resource = web::resource("/health");
    for method in [Method::HEAD, Method::GET] {
        resource = resource.route(web::method(method).to(|| async { Alive }));
    }
    cfg.service(resource);
}
