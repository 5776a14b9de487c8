//! The id of a request, the caller's own or a new one, and the id of the current request. Ready made.

use actix_web::{dev::ServiceRequest, http::header::HeaderName};
use uuid::Uuid;

/// The header in which callers may send their own id, and in which the response returns the one that was used.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is accepted from a caller, in characters.
const LONGEST: usize = 64;

tokio::task_local! {
    /// The id of the request that is being handled: it is set within `CURRENT.scope(id, …)`, at any depth.
    pub static CURRENT: String;
}

/// The caller's own, if it is short and harmless; otherwise a new one.
pub fn of(req: &ServiceRequest) -> String {
    let given = req.headers().get(HEADER).and_then(|id| id.to_str().ok());
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    match given {
        Some(id) if (1..=LONGEST).contains(&id.len()) && id.chars().all(plain) => id.to_owned(),
        _ => Uuid::new_v4().to_string(),
    }
}
