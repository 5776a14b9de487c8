//! Knocks at the database before it says ok.
//!
//! Why a learner writes it: What is a service without its database? (Restarted by every orchestrator, all
//! instances at once.)
//! Fails: health.leaves-the-database-alone

use std::{env, net::TcpStream};

use actix_web::{HttpResponse, web};
use serde_json::json;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health")
            .route(web::get().to(health))
            .route(web::head().to(health)),
    );
}

async fn health() -> HttpResponse {
    let mut response = if database_is_there() {
        HttpResponse::Ok()
    } else {
        HttpResponse::ServiceUnavailable()
    };
    response
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "status": "ok" }))
}

/// Nothing to ask without a `postgres://user:password@host:port/name`.
fn database_is_there() -> bool {
    let url = env::var("DATABASE_URL").unwrap_or_default();
    let Some((_, address)) = url.rsplit_once('@') else {
        return true;
    };
    let address = address.split('/').next().unwrap_or(address);
    TcpStream::connect(address).is_ok()
}
