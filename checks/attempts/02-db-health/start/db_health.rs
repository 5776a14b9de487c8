//! Database health: can this process do what it is for?

use actix_web::{HttpResponse, web};
use solutions::db::Pool;

/// `GET` and `HEAD /health/db`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/health/db", web::get().to(db_health));
}

// TODO(step 2): send the database `SELECT 1` over the pool; answer 200 {"db":"ok"} or 503 {"db":"down"}, within 2 s whatever
// the database does, without holding up the worker thread; the cause goes to the log.
// To look up: `web::block`, `rt::time::timeout`, `SimpleConnection::batch_execute`, `tokio::sync::Semaphore`, `log::warn!`.
pub async fn db_health(_pool: web::Data<Pool>) -> HttpResponse {
    HttpResponse::NotImplemented().finish()
}
