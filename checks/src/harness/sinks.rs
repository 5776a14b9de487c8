//! Sinks for messages that would otherwise go to people: a Slack webhook and a mail server, on loopback, each on a free port.
//!
//! - [`slack`]: receives what is posted to a webhook; [`mail`]: receives what is sent by SMTP
//! - [`inbox`]: the messages so far, and waiting for more

pub mod inbox;
pub mod mail;
pub mod mime;
pub mod slack;

pub use inbox::Inbox;
pub use mail::{Mail, MailSink};
pub use slack::{SlackMessage, SlackSink};
