//! Takes its turn with a mutex of tokio, and wraps the resource with default headers.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use actix_web::{
    HttpResponse, Responder,
    http::{Method, header},
    middleware::DefaultHeaders,
    rt::time::timeout,
    web,
};
use diesel::{RunQueryDsl, sql_query};
use serde_json::json;
use solutions::db::Pool;
use tokio::sync::Mutex;

const LIMIT: Duration = Duration::from_millis(1100);

/// Held by the thread that asks.
static ASKING: LazyLock<Arc<Mutex<()>>> = LazyLock::new(Arc::default);

/// `GET` and `HEAD /health/db`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    let mut resource = web::resource("/health/db");
    for method in [Method::GET, Method::HEAD] {
        resource = resource.route(web::method(method).to(db_health));
    }
    let fresh = DefaultHeaders::new().add((header::CACHE_CONTROL, "no-store"));
    cfg.service(resource.wrap(fresh));
}

/// Asks the database, and reports the result.
pub async fn db_health(pool: web::Data<Pool>) -> impl Responder {
    let outcome = timeout(LIMIT, ask(pool))
        .await
        .unwrap_or_else(|_| Err(format!("it is silent for {LIMIT:?}")));
    if let Err(cause) = &outcome {
        log::warn!("the database does not answer: {cause}");
    }
    match outcome.is_ok() {
        true => HttpResponse::Ok().json(json!({ "db": "ok" })),
        false => HttpResponse::ServiceUnavailable().json(json!({ "db": "down" })),
    }
}

async fn ask(pool: web::Data<Pool>) -> Result<(), String> {
    let guard = ASKING.clone().lock_owned().await;
    let asked = web::block(move || {
        let answer = match pool.get() {
            Ok(mut connection) => sql_query("SELECT 1")
                .execute(&mut connection)
                .map(drop)
                .map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        drop(guard);
        answer
    });
    asked.await.map_err(|error| error.to_string())?
}
