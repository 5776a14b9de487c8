//! The database: SQLite in a file (no `DATABASE_URL` needed) or PostgreSQL, behind one pool.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use diesel::{
    Connection,
    ConnectionError::BadConnection,
    MultiConnection, PgConnection, SqliteConnection,
    connection::SimpleConnection,
    migration::Result as MigrationResult,
    r2d2::{Error, ManageConnection, NopErrorHandler, R2D2Connection},
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use url::Url;

use crate::{
    config::{give_up, value},
    scrape,
};

const SQLITE_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Readers do not wait for a writer, and a second writer waits a little instead of failing. `NORMAL`: a reading that was
/// acknowledged survives the death of this process, but a power cut may take the last ones, back to a moment at which all is
/// consistent. `FULL` would keep them, at a third of the speed. What must survive belongs into PostgreSQL, which does that.
const SQLITE_SETTINGS: &str =
    "PRAGMA busy_timeout = 1000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;";

/// The server itself cancels a statement after 1.5 s, as long as it is healthy enough to do so.
const POSTGRES_SETTINGS: &str = "SET statement_timeout = 1500";

/// Settings for libpq unless `DATABASE_URL` sets them, and what each of them limits.
const LIBPQ_SETTINGS: [(&str, &str); 5] = [
    ("connect_timeout", "2"), // s: the login, also when the server accepts and never answers
    ("tcp_user_timeout", "2000"), // ms: sent bytes that are not acknowledged
    ("keepalives_idle", "5"), // s: waiting for a response from a machine that has gone ...
    ("keepalives_interval", "2"), // s: ... is given up after 5 + 2 × 2 s
    ("keepalives_count", "2"),
];

/// The most connections that the pool opens. Small: PostgreSQL allows 100 in all, for all its clients together.
pub const MAX_CONNECTIONS: u32 = 8;

/// How long a request waits for a free connection. Shorter than the limit promised to callers, so that the pool's
/// own error, which names the cause, comes first.
const CHECKOUT_LIMIT: Duration = Duration::from_millis(750);

/// Lends connections to the code that queries the database.
pub type Pool = diesel::r2d2::Pool<Manager>;

/// One of the two databases.
#[derive(MultiConnection)]
pub enum AnyConnection {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

/// The pool for `DATABASE_URL` (the file `readings.sqlite3` when unset). Does not wait for the database: a service that
/// can only start while its database is up cannot be restarted during an outage.
pub fn pool() -> Pool {
    let url = value("DATABASE_URL", "readings.sqlite3");
    let pool = diesel::r2d2::Pool::builder()
        .max_size(MAX_CONNECTIONS)
        .min_idle(Some(1))
        .connection_timeout(CHECKOUT_LIMIT)
        // The caller receives the error and logs it; the pool's own retries need no lines of their own.
        .error_handler(Box::new(NopErrorHandler))
        .build_unchecked(Manager::new(&url));
    scrape::pool(&pool);
    pool
}

/// Opens connections, and migrates the tables over the first one.
pub struct Manager {
    database: Database,
    migrated: Mutex<bool>,
}

enum Database {
    Postgres(String),
    Sqlite(String),
}

impl Manager {
    fn new(url: &str) -> Manager {
        let database = match url.split_once("://") {
            Some(("postgres" | "postgresql", _)) => Database::Postgres(bounded(url)),
            Some(("sqlite", path)) => Database::Sqlite(in_existing_folder(path)),
            None => Database::Sqlite(in_existing_folder(url)),
            Some((scheme, _)) => give_up(&format!(
                "DATABASE_URL must be postgres://… or the path of an SQLite file, not {scheme}://…"
            )),
        };
        Manager {
            database,
            migrated: Mutex::new(false),
        }
    }

    /// Runs `migrate` unless it has succeeded before. Here, and not at start-up: the database may come up later.
    fn once(&self, migrate: impl FnOnce() -> MigrationResult<()>) -> Result<(), Error> {
        let mut migrated = self.migrated.lock().unwrap_or_else(PoisonError::into_inner);
        if !*migrated {
            migrate().map_err(|cause| {
                Error::ConnectionError(BadConnection(format!("migration failed: {cause}")))
            })?;
            *migrated = true;
        }
        Ok(())
    }
}

impl ManageConnection for Manager {
    type Connection = AnyConnection;
    type Error = Error;

    fn connect(&self) -> Result<AnyConnection, Error> {
        match &self.database {
            Database::Postgres(url) => {
                let mut connection =
                    PgConnection::establish(url).map_err(Error::ConnectionError)?;
                self.once(|| {
                    connection
                        .run_pending_migrations(POSTGRES_MIGRATIONS)
                        .map(drop)
                })?;
                Ok(AnyConnection::Postgres(connection))
            }
            Database::Sqlite(path) => {
                let mut connection =
                    SqliteConnection::establish(path).map_err(Error::ConnectionError)?;
                connection
                    .batch_execute(SQLITE_SETTINGS)
                    .map_err(Error::QueryError)?;
                self.once(|| {
                    connection
                        .run_pending_migrations(SQLITE_MIGRATIONS)
                        .map(drop)
                })?;
                Ok(AnyConnection::Sqlite(connection))
            }
        }
    }

    /// Runs the settings again on every checkout. This takes a round trip, so a connection that was cut by a restart of the
    /// database is detected here and replaced. There is no time limit: the code that borrows the connection needs one.
    fn is_valid(&self, connection: &mut AnyConnection) -> Result<(), Error> {
        match connection {
            AnyConnection::Postgres(postgres) => postgres.batch_execute(POSTGRES_SETTINGS),
            AnyConnection::Sqlite(sqlite) => sqlite.batch_execute(SQLITE_SETTINGS),
        }
        .map_err(Error::QueryError)
    }

    fn has_broken(&self, connection: &mut AnyConnection) -> bool {
        connection.is_broken()
    }
}

/// The URL with our settings added, serialised again. This percent-encodes a password that contains `@` or `#`;
/// otherwise libpq would take part of the password for the host and print that part in its error.
fn bounded(url: &str) -> String {
    let mut url = Url::parse(url).unwrap_or_else(|error| {
        // Not the value itself: it may contain a password.
        give_up(&format!("DATABASE_URL cannot be read as a URL: {error}"));
    });
    let given: Vec<String> = url
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .collect();
    for (name, setting) in LIBPQ_SETTINGS {
        if !given.iter().any(|given| given == name) {
            url.query_pairs_mut().append_pair(name, setting);
        }
    }
    url.into()
}

fn in_existing_folder(path: &str) -> String {
    let folder = Path::new(path).parent().unwrap_or(Path::new(""));
    if !(folder.as_os_str().is_empty() || folder.is_dir()) {
        give_up(&format!(
            "DATABASE_URL names {path:?}, but there is no folder {folder:?}"
        ));
    }
    path.to_owned()
}
