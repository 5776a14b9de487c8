//! Step 4: a service whose every line of log is one JSON object.

mod logs;

use actix_web::{App, HttpServer, middleware::from_fn, web};
use solutions::{config, db, db_health, drill, edge, health, healthcheck, readings};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    healthcheck::answer_if_asked();
    logs::init();
    let pool = web::Data::new(db::pool());
    let (listener, address) = config::listen();

    HttpServer::new(move || {
        App::new()
            .wrap(from_fn(edge::body))
            .wrap(from_fn(logs::access))
            .app_data(pool.clone())
            .configure(health::routes)
            .configure(db_health::routes)
            .configure(readings::routes)
            .configure(drill::routes)
    })
    .max_connections(edge::connections())
    .shutdown_timeout(10)
    .listen(listener)?
    .run()
    .await
    .map(|()| config::stopped(address))
}
