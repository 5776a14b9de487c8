//! The states of the database.

use std::time::Duration;

/// How the database treats its clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It answers.
    Up,
    /// It does not listen: new connections are refused at once, open ones are closed.
    Refusing,
    /// It accepts connections and never sends a byte, neither on new connections nor on open ones: a frozen server.
    /// Statements that are sent meanwhile stay in the socket buffers and are not counted yet.
    Silent,
    /// It accepts logins (which includes `SET` and migrations), reads a statement and never answers it.
    Hanging,
    /// It answers everything except a `SELECT 1`, which it reads and never answers.
    Stalling,
    /// The table of the readings is locked: it reads a statement about them and never answers it. It answers all others.
    Locked,
    /// It takes this long to answer a `SELECT 1`.
    Slow(Duration),
    /// It accepts logins (which includes `SET` and migrations) and answers every statement with this error.
    Failing(String),
    /// It rejects every login because all its connections are reserved for others; open connections are closed.
    Full,
}
