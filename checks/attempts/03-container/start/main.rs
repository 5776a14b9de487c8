//! Step 3: a service in a container that knows whether it is healthy.

mod healthcheck;

use actix_web::{App, HttpServer, middleware::Logger, web};
use solutions::{config, db, db_health, health, readings};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    healthcheck::answer_if_asked();
    config::start_logging();
    let pool = web::Data::new(db::pool());
    let listener = config::listen();
    let address = listener.local_addr()?;

    HttpServer::new(move || {
        App::new()
            .wrap(Logger::default())
            .app_data(pool.clone())
            .configure(health::routes)
            .configure(db_health::routes)
            .configure(readings::routes)
    })
    .shutdown_timeout(10)
    .listen(listener)?
    .run()
    .await?;
    config::stopped(address);
    Ok(())
}
