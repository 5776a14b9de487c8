//! Gives the database a second to say something, and says ok either way.
//!
//! Why a learner writes it: "It does not fail when the database is down" is not the same as leaving the
//! database alone.
//! Fails: health.leaves-the-database-alone

use std::{env, time::Duration};

use actix_web::{
    HttpResponse,
    rt::{net::TcpStream, time::timeout},
    web,
};
use serde_json::json;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health")
            .route(web::get().to(health))
            .route(web::head().to(health)),
    );
}

async fn health() -> HttpResponse {
    let database = match timeout(Duration::from_secs(1), knock()).await {
        Ok(true) => "ok",
        _ => "unknown",
    };
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "status": "ok", "db": database }))
}

/// PostgreSQL says whether it can encrypt (S or N) to whoever sends these eight bytes.
async fn knock() -> bool {
    let url = env::var("DATABASE_URL").unwrap_or_default();
    let address = url.rsplit(['@', '/']).nth(1).unwrap_or_default();
    let Ok(connection) = TcpStream::connect(address).await else {
        return false;
    };
    let asked = connection.try_write(&[0, 0, 0, 8, 4, 210, 22, 47]);
    asked.is_ok() && connection.readable().await.is_ok()
}
