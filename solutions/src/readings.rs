//! The resource: sensors send readings, people read them. Ready made.
//!
//! Every database query runs on a blocking thread and has a time limit, because the libraries do not set one.

use std::{error::Error, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse, ResponseError,
    error::{InternalError, JsonPayloadError},
    middleware::from_fn,
    rt::time::timeout,
    web,
};
use serde_json::json;

use crate::{
    db::Pool,
    drill, guard,
    store::{self, NewReading, Outcome, Reading},
};

/// The longest that a caller waits for the database.
const DEADLINE: Duration = Duration::from_secs(2);

/// `POST /readings` and `GET /readings/{sensor}`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.app_data(web::JsonConfig::default().error_handler(bad_body))
        .service(
            web::resource("/readings")
                .wrap(from_fn(drill::fail_some))
                .wrap(from_fn(guard::answer))
                .route(web::post().to(create)),
        )
        .service(
            web::resource("/readings/{sensor}")
                .wrap(from_fn(drill::fail_some))
                .wrap(from_fn(guard::answer))
                .route(web::get().to(latest)),
        );
}

async fn create(pool: web::Data<Pool>, new: web::Json<NewReading>) -> HttpResponse {
    if let Err(why) = new.check() {
        return HttpResponse::BadRequest().json(json!({ "error": why }));
    }
    match save(pool, new.into_inner()).await {
        Ok(reading) => HttpResponse::Created().json(reading),
        Err(cause) => unavailable(&*cause),
    }
}

async fn latest(pool: web::Data<Pool>, sensor: web::Path<String>) -> HttpResponse {
    match load(pool, sensor.into_inner()).await {
        Ok(readings) if readings.is_empty() => {
            HttpResponse::NotFound().json(json!({ "error": "no reading of this sensor yet" }))
        }
        Ok(readings) => HttpResponse::Ok().json(readings),
        Err(cause) => unavailable(&*cause),
    }
}

async fn save(pool: web::Data<Pool>, new: NewReading) -> Outcome<Reading> {
    let work = move || store::insert(&mut *pool.get()?, new);
    timeout(DEADLINE, web::block(work)).await??
}

async fn load(pool: web::Data<Pool>, sensor: String) -> Outcome<Vec<Reading>> {
    let work = move || store::latest(&mut *pool.get()?, &sensor);
    timeout(DEADLINE, web::block(work)).await??
}

/// The cause is only for the log; the caller only needs to know that a retry may help.
fn unavailable(cause: &dyn Error) -> HttpResponse {
    log::error!("readings: {cause}");
    HttpResponse::ServiceUnavailable().json(json!({ "error": "the database is down" }))
}

fn bad_body(error: JsonPayloadError, _: &HttpRequest) -> actix_web::Error {
    let why = match &error {
        JsonPayloadError::ContentType => "the body must be sent as application/json".to_owned(),
        other => other.to_string(),
    };
    let response = HttpResponse::build(error.status_code()).json(json!({ "error": why }));
    InternalError::from_response(error, response).into()
}
