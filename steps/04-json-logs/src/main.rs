//! Step 4: a service whose every line of log is one JSON object.

mod logs;

use actix_web::{App, HttpServer, middleware::Logger, web};
use solutions::{config, db, db_health, health, healthcheck, readings};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    healthcheck::answer_if_asked();
    logs::init();
    let pool = web::Data::new(db::pool());
    let listener = config::listen();

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
    .await
}
