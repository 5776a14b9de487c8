//! A Slack webhook: accepts any JSON that is posted to it, at any path, and answers `ok`, as Slack does.

use std::{
    io::{self, BufReader, Write},
    net::{SocketAddr, TcpStream},
    time::Instant,
};

use serde_json::Value;

use super::Inbox;
use crate::harness::listener::Listener;
use crate::harness::raw_http::Request;

/// Fields that no reader sees, although they contain text.
const UNSEEN: [&str; 10] = [
    "callback_id",
    "channel",
    "color",
    "fallback", // shown only where there is nothing else
    "icon_emoji",
    "icon_url",
    "mrkdwn_in",
    "style",
    "type",
    "username",
];

/// The fields above the others, as Slack shows them.
const ABOVE: [&str; 3] = ["pretext", "title", "title_link"];

/// One posted message.
#[derive(Clone, Debug)]
pub struct SlackMessage {
    pub at: Instant,
    /// The path of the webhook that it was posted to: a sink can have several users.
    pub path: String,
    pub body: Value,
}

impl SlackMessage {
    /// The channel that it requests; empty where the webhook decides.
    pub fn channel(&self) -> &str {
        self.body["channel"].as_str().unwrap_or_default()
    }

    /// The title above the message.
    pub fn title(&self) -> &str {
        let first = &self.body["attachments"][0];
        [
            &first["title"],
            &first["pretext"],
            &self.body["text"],
            &first["fallback"],
        ]
        .into_iter()
        .find_map(|text| text.as_str().filter(|text| !text.is_empty()))
        .unwrap_or_default()
    }

    /// Everything in it that a person can read or follow, from top to bottom, each text on a line of its own. Slack's escapes,
    /// such as `&amp;`, are decoded.
    pub fn text(&self) -> String {
        let mut text = String::new();
        gather(&self.body, &mut text);
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
    }
}

fn gather(value: &Value, text: &mut String) {
    match value {
        Value::String(said) if !said.is_empty() => {
            text.push_str(said);
            text.push('\n');
        }
        Value::Array(values) => values.iter().for_each(|value| gather(value, text)),
        Value::Object(fields) => {
            let above = ABOVE.iter().filter_map(|name| fields.get(*name));
            let below = fields.iter().filter(|(name, _)| {
                !UNSEEN.contains(&name.as_str()) && !ABOVE.contains(&name.as_str())
            });
            above
                .chain(below.map(|(_, value)| value))
                .for_each(|value| gather(value, text));
        }
        _ => {}
    }
}

/// A webhook on loopback. It closes when it is dropped.
pub struct SlackSink {
    listener: Listener,
    pub inbox: Inbox<SlackMessage>,
}

impl SlackSink {
    /// Opens a webhook on a free port.
    ///
    /// # Errors
    /// When no port is available.
    pub fn open() -> anyhow::Result<SlackSink> {
        let inbox = Inbox::default();
        let arriving = inbox.clone();
        let listener = Listener::open(move |caller| {
            // A client that hangs up in the middle has posted nothing.
            let _ = serve(caller, &arriving);
        })?;
        Ok(SlackSink { listener, inbox })
    }

    pub fn address(&self) -> SocketAddr {
        self.listener.address()
    }
}

/// Handles requests one after another, as long as the client keeps the connection open.
fn serve(caller: TcpStream, inbox: &Inbox<SlackMessage>) -> io::Result<()> {
    let mut answer = caller.try_clone()?;
    let mut caller = BufReader::new(caller);
    while let Some(Request { path, body }) = Request::read(&mut caller)? {
        inbox.put(SlackMessage {
            at: Instant::now(),
            path,
            body: serde_json::from_slice(&body)?,
        });
        answer.write_all(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok",
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::http;
    use std::time::Duration;

    const LIMIT: Duration = Duration::from_secs(5);

    #[test]
    fn what_is_posted_arrives_with_all_that_a_person_reads() {
        let sink = SlackSink::open().unwrap();
        let url = format!("http://{}/page", sink.address());
        let body = r##"{"channel":"#ops","attachments":[{"title":"down","color":"danger","text":"a &lt; b","fields":[{"value":"x"}]}]}"##;
        let answer = http::send("POST", &url, &[], body, LIMIT).unwrap();
        assert_eq!(answer.body, "ok");
        let message = sink
            .inbox
            .wait_for(LIMIT, |message| message.path == "/page")
            .unwrap();
        assert_eq!(message.channel(), "#ops");
        assert_eq!(message.title(), "down");
        assert_eq!(message.text(), "down\nx\na < b\n");
    }
}
