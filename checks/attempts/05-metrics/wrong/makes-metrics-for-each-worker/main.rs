//! Makes the metrics inside of `HttpServer::new`, once for each worker.
//!
//! Why a learner writes it: `wrap` stands there, and so does everything else that is wrapped.
//! Fails: metrics.tells-about-the-process
//! Fails: metrics.tells-the-version
//! Fails: metrics.shares-one-registry
//! Fails: metrics.begins-at-zero

//! Step 5: a service that counts what it does.

mod metrics;

use actix_web::{App, HttpServer, middleware::from_fn, web};
use solutions::{config, db, db_health, drill, health, healthcheck, logs, readings};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    healthcheck::answer_if_asked();
    logs::init();
    let pool = web::Data::new(db::pool());
    let listener = config::listen();
    let address = listener.local_addr()?;

    HttpServer::new(move || {
        App::new()
            .wrap(metrics::middleware())
            .wrap(from_fn(metrics::known_methods))
            .wrap(from_fn(logs::access))
            .app_data(pool.clone())
            .configure(health::routes)
            .configure(db_health::routes)
            .configure(readings::routes)
            .configure(metrics::routes)
            .configure(drill::routes)
    })
    .shutdown_timeout(10)
    .listen(listener)?
    .run()
    .await?;
    config::stopped(address);
    Ok(())
}
