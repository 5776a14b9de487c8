//! Logs: one event, one line, one JSON object.

use solutions::config;

// TODO(step 4): give `env_logger` a format of our own that writes each record as one JSON object on one line.
// To look up: `env_logger::Builder::format`, `env_logger::Target`, `log::Record`, `serde_json::Map`, `std::panic::set_hook`.
pub fn init() {
    config::start_logging();
}
