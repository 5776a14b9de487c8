//! The finished service: one module per step, and the modules that are ready made.

// The steps say `solutions::db` from outside. A file that is copied between this crate and a step must be able to use the
// same path in both places.
extern crate self as solutions;

pub mod config; // ready made: HOST, PORT, RUST_LOG
pub mod db; // ready made: DATABASE_URL, one pool
pub mod edge; // ready made, wired in step 3: what one caller may use up
pub mod guard; // ready made: an answer, whatever happens in a handler
pub mod readings; // ready made: the resource that makes the service worth watching
mod store; // ready made: its table

// In the order of the course.
pub mod health; // step 1

pub mod db_health; // step 2

pub mod healthcheck; // step 3

pub mod event; // ready made: the parts of an event
pub mod logs; // step 4
pub mod request_id; // ready made: which request an event belongs to

pub mod metrics; // step 5
pub mod scrape; // ready made: the answer to a scrape

pub mod signals; // step 6

pub mod drill; // ready made, wired in step 4: faults on demand
