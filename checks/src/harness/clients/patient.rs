//! A client that would wait for longer than is promised.

use super::Client;
use crate::harness::http::USER_AGENT;

/// A client that wants to wait for half a minute, in all the ways in which one may say so.
pub fn client() -> Client {
    const WAIT: &str = "timeout=30&timeout_ms=30000&deadline=30&wait=30";
    Client {
        query: format!("?{WAIT}"),
        ..super::client(
            &format!("-G -d '{WAIT}' -H 'Prefer: wait=30' -H 'X-Timeout: 30'"),
            &format!(
                "User-Agent: {USER_AGENT}\r\nAccept: */*\r\nPrefer: wait=30\r\nX-Timeout: 30\r\n"
            ),
        )
    }
}
