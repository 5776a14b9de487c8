//! Where messages arrive that would go to people: a Slack webhook and a mail server, on loopback, each on a free port.
//!
//! - [`slack`]: takes what is posted to a webhook; [`mail`]: takes what is sent by SMTP
//! - [`inbox`]: what has arrived so far, and waiting for more
//! - [`door`]: listens, and hands over each caller

mod door;
pub mod inbox;
pub mod mail;
mod mime;
pub mod slack;

pub use inbox::Inbox;
pub use mail::{Mail, MailSink};
pub use slack::{SlackMessage, SlackSink};
