//! Step 6: a service that gives the alert rules something to watch.

mod signals;

use actix_web::{App, HttpServer, middleware::from_fn, web};
use solutions::{config, db, db_health, drill, edge, health, healthcheck, logs, metrics, readings};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    healthcheck::answer_if_asked();
    logs::init();
    let metrics = metrics::middleware();
    let pool = web::Data::new(db::pool());
    signals::watch(pool.clone());
    let (listener, address) = config::listen();

    HttpServer::new(move || {
        App::new()
            .wrap(metrics.clone())
            .wrap(from_fn(metrics::known_methods))
            .wrap(from_fn(edge::body))
            .wrap(from_fn(logs::access))
            .app_data(pool.clone())
            .configure(health::routes)
            .configure(db_health::routes)
            .configure(readings::routes)
            .configure(metrics::routes)
            .configure(drill::routes)
    })
    .max_connections(edge::connections())
    .shutdown_timeout(10)
    .listen(listener)?
    .run()
    .await
    .map(|()| config::stopped(address))
}
