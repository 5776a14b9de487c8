//! Step 2: a service that can say whether its database answers.

mod db_health;

use actix_web::{App, HttpServer, middleware::Logger, web};
use solutions::{config, db, health, readings};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    config::start_logging();
    let pool = web::Data::new(db::pool());
    let (listener, address) = config::listen();

    HttpServer::new(move || {
        App::new()
            .wrap(Logger::default())
            .app_data(pool.clone())
            .configure(health::routes)
            .configure(db_health::routes)
            .configure(readings::routes)
    })
    .listen(listener)?
    .run()
    .await?;
    config::stopped(address);
    Ok(())
}
