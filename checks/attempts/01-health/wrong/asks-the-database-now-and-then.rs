//! Asks the database, every five seconds at most, and says 503 when it is not there.
//!
//! Why a learner writes it: Told that asking every time is a burden, the learner asks less often; the
//! service still dies with its database.
//! Fails: health.leaves-the-database-alone

use std::{
    env,
    net::TcpStream,
    sync::Mutex,
    time::{Duration, Instant},
};

use actix_web::{HttpResponse, web};
use serde_json::json;

static LAST: Mutex<Option<(Instant, bool)>> = Mutex::new(None);

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health")
            .route(web::get().to(health))
            .route(web::head().to(health)),
    );
}

async fn health() -> HttpResponse {
    let mut last = LAST.lock().unwrap();
    let up = match *last {
        Some((at, up)) if at.elapsed() < Duration::from_secs(5) => up,
        _ => database_is_there(),
    };
    *last = Some((Instant::now(), up));
    let mut response = if up {
        HttpResponse::Ok()
    } else {
        HttpResponse::ServiceUnavailable()
    };
    response
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "status": if up { "ok" } else { "down" } }))
}

fn database_is_there() -> bool {
    let url = env::var("DATABASE_URL").unwrap_or_default();
    let address = url.rsplit(['@', '/']).nth(1).unwrap_or_default();
    address.is_empty() || TcpStream::connect(address).is_ok()
}
