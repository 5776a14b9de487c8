//! The edge of the service: what one caller may use up of its time, its memory and its connections. Ready made.
//!
//! actix-web gives a caller 5 s for the head of a request, and for ever for its body. Whoever sends half a body and then
//! nothing would hold a connection, and what has been read so far, until the process ends.
//!
//! One thing stays without a limit, because actix-web has none: answers that a caller asks for and does not read. A service that
//! strangers can reach has a proxy in front.

use std::{num::NonZero, thread, time::Duration};

use actix_web::{
    Error, HttpMessage, HttpResponse, ResponseError,
    body::{EitherBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::PayloadError,
    http::{
        StatusCode,
        header::{CONTENT_LENGTH, TRANSFER_ENCODING},
    },
    middleware::Next,
    rt::time::timeout,
    web::{Bytes, BytesMut},
};
use futures_util::StreamExt;

/// How long a body may take to arrive: as long as the head may.
const BODY_TIME: Duration = Duration::from_secs(5);

/// The longest body, in bytes. A reading takes about 100.
const BODY_SIZE: usize = 16 * 1024;

/// The most connections at once. An idle one takes about 10 kB, one with the longest head that actix-web reads 128 kB, and
/// 512 of those 64 MB: half of what the container may use. Who comes next waits until one of the others is done.
const CONNECTIONS: usize = 512;

/// The most connections for each worker thread: `HttpServer::max_connections` counts them one by one, and starts a worker
/// for each core.
pub fn connections() -> usize {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    CONNECTIONS.div_ceil(workers)
}

/// Reads the whole body before anything else sees the request, so that no handler waits for a caller. Answers 408 if the body
/// does not arrive in time, and 413 if it is too long; both close the connection.
pub async fn body<B: MessageBody>(
    mut req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    // What follows a CONNECT or an upgrade to another protocol is no body, and has no end.
    let mut announced = [CONTENT_LENGTH, TRANSFER_ENCODING].iter();
    if !announced.any(|name| req.headers().contains_key(name)) {
        return Ok(next.call(req).await?.map_into_left_body());
    }
    let mut payload = req.take_payload();
    let status = match timeout(BODY_TIME, read(&mut payload)).await {
        Ok(Ok(body)) => {
            req.set_payload(Payload::from(body));
            return Ok(next.call(req).await?.map_into_left_body());
        }
        Ok(Err(error)) => error.status_code(),
        Err(_) => StatusCode::REQUEST_TIMEOUT,
    };
    let mut refusal = HttpResponse::new(status);
    // actix-web closes the connection if it finds the unread body still there when it sends the response. Without it, it would
    // wait for the end of a chunked body, without a limit; and it looks only once if the response itself has no body.
    refusal.extensions_mut().insert(payload);
    Ok(req.into_response(refusal).map_into_right_body())
}

async fn read(payload: &mut Payload) -> Result<Bytes, PayloadError> {
    let mut body = BytesMut::new();
    while let Some(part) = payload.next().await {
        body.extend_from_slice(&part?);
        if body.len() > BODY_SIZE {
            return Err(PayloadError::Overflow);
        }
    }
    Ok(body.freeze())
}
