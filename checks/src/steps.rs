//! The checks, one module per step. Each has its table, `checks!`, and `verify`, which reads from top to bottom. In the modules
//! below it, `check_all` makes the checks of one scenario.

pub mod alert_rules;
pub mod container;
pub mod db_health;
pub mod health;
pub mod json_logs;
pub mod metrics;
pub mod on_call;
pub mod question;
