//! Customers: a few requests a second for as long as the drill lasts.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use crate::http;

/// How many ask at a time.
const CUSTOMERS: usize = 4;

/// How long each waits between two requests: 20 requests a second together.
const PAUSE: Duration = Duration::from_millis(200);

/// How long each waits for an answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// They ask until this is dropped.
pub struct Traffic {
    /// Whether they want something from the database.
    of_the_database: Arc<AtomicBool>,
    over: Arc<AtomicBool>,
    customers: Vec<JoinHandle<()>>,
}

impl Traffic {
    /// Requests to the service at `url`, which the database has nothing to do with at first.
    pub fn start(url: &str) -> Traffic {
        let of_the_database = Arc::new(AtomicBool::new(false));
        let over = Arc::new(AtomicBool::new(false));
        let customers = (0..CUSTOMERS).map(|_| {
            let (url, database, over) =
                (url.to_owned(), Arc::clone(&of_the_database), Arc::clone(&over));
            thread::spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    ask(&url, database.load(Ordering::Relaxed));
                    thread::park_timeout(PAUSE);
                }
            })
        });
        Traffic {
            customers: customers.collect(),
            of_the_database,
            over,
        }
    }

    /// From now on they want readings from the database, or they do not.
    pub fn ask_the_database(&self, yes: bool) {
        self.of_the_database.store(yes, Ordering::Relaxed);
    }
}

impl Drop for Traffic {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        for customer in self.customers.drain(..) {
            customer.thread().unpark();
            // One that panicked has nothing to tell.
            let _ = customer.join();
        }
    }
}

/// What comes back is the business of the metrics.
fn ask(url: &str, of_the_database: bool) {
    let json = [("content-type", "application/json")];
    let _ = match of_the_database {
        true => http::ask("GET", &format!("{url}/readings/drill"), PATIENCE),
        // A reading that lacks its value is refused before the database is asked.
        false => http::send(
            "POST",
            &format!("{url}/readings"),
            &json,
            r#"{"sensor":"drill"}"#,
            PATIENCE,
        ),
    };
}
