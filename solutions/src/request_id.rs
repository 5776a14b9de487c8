//! The id of a request: the caller's own or a new one, and which request is being handled right now. Ready made.

use actix_web::{dev::ServiceRequest, http::header::HeaderName};
use uuid::Uuid;

/// Where callers say theirs, and are told the one that was used.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken over from a caller, in characters.
const LONGEST: usize = 64;

tokio::task_local! {
    /// The id of the request that is being handled: there is one inside of `CURRENT.scope(id, …)`, however deep.
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
