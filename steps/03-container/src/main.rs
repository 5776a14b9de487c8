//! Step 3: a service in a container that knows whether it is healthy.

mod healthcheck;

use actix_web::{
    App, HttpServer,
    middleware::{Logger, from_fn},
    web,
};
use solutions::{config, db, db_health, edge, health, readings};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    healthcheck::answer_if_asked();
    config::start_logging();
    let pool = web::Data::new(db::pool());
    let (listener, address) = config::listen();

    HttpServer::new(move || {
        App::new()
            .wrap(from_fn(edge::body))
            .wrap(Logger::default())
            .app_data(pool.clone())
            .configure(health::routes)
            .configure(db_health::routes)
            .configure(readings::routes)
    })
    .max_connections(edge::connections())
    .shutdown_timeout(10)
    .listen(listener)?
    .run()
    .await
    .map(|()| config::stopped(address))
}
