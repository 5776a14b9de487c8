//! Step 1: a service that can say that it is alive.

// The same file as in `solutions`, compiled here by itself, so that this step builds without any database.
#[path = "../../../solutions/src/config.rs"]
mod config;
mod health;

use actix_web::{App, HttpServer, middleware::Logger};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    config::start_logging();
    let (listener, address) = config::listen();

    HttpServer::new(|| App::new().wrap(Logger::default()).configure(health::routes))
        .listen(listener)?
        .run()
        .await?;
    config::stopped(address);
    Ok(())
}
