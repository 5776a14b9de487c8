//! The login of a client.

use super::wire::{Wire, error};
use super::{Shared, State};
use pgwire::messages::response::{GssEncResponse, ReadyForQuery, SslResponse, TransactionStatus};
use pgwire::messages::startup::{Authentication, BackendKeyData, ParameterStatus, SecretKey};
use pgwire::messages::{
    PgWireBackendMessage as Say, PgWireFrontendMessage as Heard, SslNegotiationMetaMessage as Ask,
};

/// The server parameters that clients ask for.
const PARAMETERS: [(&str, &str); 5] = [
    ("server_version", "17.0"),
    ("server_encoding", "UTF8"),
    ("client_encoding", "UTF8"),
    ("standard_conforming_strings", "on"),
    ("integer_datetimes", "on"),
];

/// Accepts any login, unless the database is full.
pub async fn log_in(wire: &mut Wire, shared: &Shared) -> Option<()> {
    loop {
        let reply = match wire.receive().await? {
            Heard::SslNegotiation(Ask::PostgresSsl(_)) => Say::SslResponse(SslResponse::Refuse),
            Heard::SslNegotiation(Ask::PostgresGss(_)) => {
                Say::GssEncResponse(GssEncResponse::Refuse)
            }
            Heard::SslNegotiation(Ask::None) => {
                wire.context.awaiting_frontend_ssl = false;
                continue;
            }
            Heard::Startup(_) if *shared.state.borrow() == State::Full => {
                let reserved = format!(
                    "remaining connection slots are reserved for roles with privileges of the \"{}\" role",
                    shared.word
                );
                let full = error("FATAL", "53300", &reserved);
                wire.send(&[full]).await?;
                return None;
            }
            Heard::Startup(_) => {
                wire.context.awaiting_frontend_startup = false;
                // Any password is accepted, but one has to be sent.
                Say::Authentication(Authentication::CleartextPassword)
            }
            Heard::PasswordMessageFamily(_) => break,
            _ => return None,
        };
        wire.send(&[reply]).await?;
    }
    let mut welcome = vec![Say::Authentication(Authentication::Ok)];
    for (name, value) in PARAMETERS {
        let parameter = ParameterStatus::new(name.into(), value.into());
        welcome.push(Say::ParameterStatus(parameter));
    }
    let key = BackendKeyData::new(1, SecretKey::I32(1));
    welcome.push(Say::BackendKeyData(key));
    let ready = ReadyForQuery::new(TransactionStatus::Idle);
    welcome.push(Say::ReadyForQuery(ready));
    wire.send(&welcome).await
}
