//! One route for both methods, and a body that says how long it took.
//!
//! Right because: A deadline is a bound too, and it is around the turn and the query.

use std::time::{Duration, Instant};

use actix_web::{
    HttpRequest, HttpResponse,
    guard::{Any, Get, Head},
    http::{StatusCode, header::{CACHE_CONTROL, HeaderValue}},
    web::{self, Data, ServiceConfig, block},
};
use diesel::{RunQueryDsl, dsl::sql, sql_types::Integer};
use serde_json::json;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout_at,
};

use solutions::db::Pool;

pub fn routes(cfg: &mut ServiceConfig) {
    let both = web::route().guard(Any(Get()).or(Head()));
    cfg.service(web::resource("/health/db").name("database").route(both.to(report)));
}

fn turns() -> std::sync::Arc<Semaphore> {
    static TURNS: std::sync::OnceLock<std::sync::Arc<Semaphore>> = std::sync::OnceLock::new();
    TURNS.get_or_init(|| std::sync::Arc::new(Semaphore::new(1))).clone()
}

async fn report(request: HttpRequest) -> HttpResponse {
    let begun = Instant::now();
    let deadline = begun + Duration::from_millis(1200);
    let Some(pool) = request.app_data::<Data<Pool>>().cloned() else {
        return HttpResponse::InternalServerError().finish();
    };
    let asked = async move {
        let turn = turns().acquire_owned().await.ok();
        match block(move || query(&pool, turn)).await {
            Ok(found) => found,
            Err(gone) => Err(gone.to_string()),
        }
    };
    let verdict = match timeout_at(deadline.into(), asked).await {
        Ok(verdict) => verdict,
        Err(late) => Err(format!("no answer in time: {late}")),
    };
    let status = match &verdict {
        Ok(()) => StatusCode::OK,
        Err(why) => {
            log::warn!(target: "db", why:%, path = request.path(); "SELECT 1 failed: {why}");
            StatusCode::SERVICE_UNAVAILABLE
        }
    };
    let mut response = HttpResponse::build(status).json(json!({
        "db": if verdict.is_ok() { "ok" } else { "down" },
        "took_ms": begun.elapsed().as_secs_f64() * 1000.0,
    }));
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

fn query(pool: &Pool, _turn: Option<OwnedSemaphorePermit>) -> Result<(), String> {
    let mut connection = pool
        .get_timeout(Duration::from_millis(600))
        .map_err(|error| error.to_string())?;
    sql::<Integer>("SELECT 1")
        .execute(&mut connection)
        .map(|_| ())
        .map_err(|error| error.to_string())
}
