//! Whatever happens in a handler, the caller gets an answer, and the outer middleware can count and log it.
//! Ready made.
//!
//! Without this guard, actix-web closes the connection when a handler panics: no answer, no line in the access log, nothing
//! counted. And an error that a middleware returns bypasses the middleware outside it, which sees only responses.

use std::panic::AssertUnwindSafe;

use actix_web::{
    Error, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};
use futures_util::FutureExt;
use serde_json::json;

/// Turns a panic, or an error returned by a middleware, into the matching 5xx response. Wrap it around a resource, as the last
/// wrap: around the whole app it could not keep the request, which actix-web still has to route.
pub async fn answer(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let request = req.request().clone();
    // Unwind safe enough: the handler's data is dropped with it, and a lock that it held is poisoned.
    let response = match AssertUnwindSafe(next.call(req)).catch_unwind().await {
        Ok(Ok(response)) => response.map_into_boxed_body(),
        Ok(Err(error)) => ServiceResponse::from_err(error, request),
        Err(_) => {
            let answer = HttpResponse::InternalServerError();
            ServiceResponse::new(
                request,
                { answer }.json(json!({ "error": "internal error" })),
            )
        }
    };
    Ok(response)
}
