//! Customers: a few requests a second for as long as the drill lasts.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use crate::harness::http;

/// How many customers there are.
const CUSTOMERS: usize = 4;

/// The pause of each between two requests: 20 requests a second in total.
const PAUSE: Duration = Duration::from_millis(200);

/// The timeout of each request.
const PATIENCE: Duration = Duration::from_secs(2);

/// The customers send requests until this is dropped.
pub struct Traffic {
    /// Whether they send requests that need the database.
    of_the_database: Arc<AtomicBool>,
    over: Arc<AtomicBool>,
    customers: Vec<JoinHandle<()>>,
}

impl Traffic {
    /// Sends requests to the service at `url`, at first only such as do not need the database.
    pub fn start(url: &str) -> Traffic {
        let of_the_database = Arc::new(AtomicBool::new(false));
        let over = Arc::new(AtomicBool::new(false));
        let customers = (0..CUSTOMERS).map(|_| {
            let (url, database, over) = (
                url.to_owned(),
                Arc::clone(&of_the_database),
                Arc::clone(&over),
            );
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

    /// Switches between requests that need the database and requests that do not.
    pub fn ask_the_database(&self, yes: bool) {
        self.of_the_database.store(yes, Ordering::Relaxed);
    }
}

impl Drop for Traffic {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        for customer in self.customers.drain(..) {
            customer.thread().unpark();
            // A thread that panicked has nothing to report.
            let _ = customer.join();
        }
    }
}

/// The answers do not matter here: the metrics count them.
fn ask(url: &str, of_the_database: bool) {
    let json = [("content-type", "application/json")];
    let _ = if of_the_database {
        http::ask("GET", &format!("{url}/readings/drill"), PATIENCE)
    } else {
        // A reading without a value is rejected before the database is asked.
        http::send(
            "POST",
            &format!("{url}/readings"),
            &json,
            r#"{"sensor":"drill"}"#,
            PATIENCE,
        )
    };
}
