//! Messages on a TCP connection.

use bytes::{Buf, BytesMut};
use pgwire::error::ErrorInfo;
use pgwire::messages::{
    DecodeContext, PgWireBackendMessage as Say, PgWireFrontendMessage as Heard,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// More than any message that a reasonable client sends here, in bytes.
const LONGEST: usize = 1 << 20;

/// One connection. Its methods return `None` when it cannot go on: the client has left, or sends nonsense.
pub struct Wire {
    stream: TcpStream,
    received: BytesMut,
    /// The progress of the login; until it is complete, messages carry no type.
    pub context: DecodeContext,
}

impl Wire {
    pub fn new(stream: TcpStream) -> Wire {
        let (received, context) = (BytesMut::new(), DecodeContext::default());
        Wire {
            stream,
            received,
            context,
        }
    }

    pub async fn send(&mut self, messages: &[Say]) -> Option<()> {
        let mut bytes = BytesMut::new();
        for message in messages {
            message.encode(&mut bytes).ok()?;
        }
        self.stream.write_all(&bytes).await.ok()
    }

    pub async fn receive(&mut self) -> Option<Heard> {
        loop {
            if (self.context.awaiting_frontend_startup || is_whole(&self.received)?)
                && let Some(heard) = Heard::decode(&mut self.received, &self.context).ok()?
            {
                return Some(heard);
            }
            if self.stream.read_buf(&mut self.received).await.ok()? == 0 {
                return None;
            }
        }
    }
}

/// An error message for a client.
pub fn error(severity: &str, code: &str, message: &str) -> Say {
    Say::ErrorResponse(ErrorInfo::new(severity.into(), code.into(), message.into()).into())
}

/// Whether the first message has arrived completely; `None` if its content does not match the lengths that it announces.
/// pgwire trusts the counts and lengths inside a message, and panics where they are wrong.
fn is_whole(received: &[u8]) -> Option<bool> {
    let Some((head, rest)) = received.split_first_chunk::<5>() else {
        return Some(false);
    };
    let [kind, length @ ..] = *head;
    let length = (u32::from_be_bytes(length) as usize).checked_sub(4)?;
    if length > LONGEST {
        return None;
    }
    let Some(mut body) = rest.get(..length) else {
        return Some(false);
    };
    match kind {
        b'P' => {
            skip_text(&mut body)?; // the name
            skip_text(&mut body)?; // the statement
            skip_list(&mut body, 4)?;
        }
        b'B' => {
            skip_text(&mut body)?; // the name of the portal
            skip_text(&mut body)?; // that of the statement
            skip_list(&mut body, 2)?;
            for _ in 0..body.try_get_u16().ok()? {
                let length = body.try_get_i32().ok()?; // -1 is a null
                body.split_off(..usize::try_from(length).unwrap_or(0))?;
            }
            skip_list(&mut body, 2)?;
        }
        b'C' | b'D' => {
            body.split_off_first()?;
        }
        b'E' => {
            skip_text(&mut body)?; // the name
            body.split_off(..4)?;
        }
        _ => {}
    }
    Some(true)
}

fn skip_text(body: &mut &[u8]) -> Option<()> {
    let end = body.iter().position(|byte| *byte == 0)?;
    body.split_off(..=end).map(|_| ())
}

fn skip_list(body: &mut &[u8], width: usize) -> Option<()> {
    let count = body.try_get_u16().ok()?;
    body.split_off(..usize::from(count) * width).map(|_| ())
}
