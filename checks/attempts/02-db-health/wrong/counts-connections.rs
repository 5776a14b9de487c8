//! Counts the connections of the pool.
//!
//! Why a learner writes it: It costs nothing and cannot hang; but what lies in a pool may be long dead.
//! Fails: db-health.asks-the-database

use std::time::Duration;

use actix_web::{HttpResponse, rt::time::sleep, web};
use serde_json::json;
use solutions::db::Pool;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health/db")
            .route(web::get().to(db_health))
            .route(web::head().to(db_health)),
    );
}

async fn db_health(pool: web::Data<Pool>) -> HttpResponse {
    // The first connection may still be on its way.
    for _ in 0..20 {
        if pool.state().connections > 0 {
            return HttpResponse::Ok()
                .insert_header(("Cache-Control", "no-store"))
                .json(json!({ "db": "ok" }));
        }
        sleep(Duration::from_millis(50)).await;
    }
    log::warn!("the database is down: no connections");
    HttpResponse::ServiceUnavailable()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "db": "down" }))
}
