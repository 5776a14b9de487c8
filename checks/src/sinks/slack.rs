//! A Slack webhook: takes whatever JSON is posted to it, at any path, and says `ok`, as Slack does.

use std::{
    io::{self, BufRead, BufReader, ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Instant,
};

use serde_json::Value;

use super::{Inbox, door::Door};

/// More than Slack itself takes.
const LARGEST: u64 = 1024 * 1024;

/// What no reader sees, though it is text.
const UNSEEN: [&str; 9] = [
    "callback_id",
    "channel",
    "color",
    "icon_emoji",
    "icon_url",
    "mrkdwn_in",
    "style",
    "type",
    "username",
];

/// One message that was posted.
#[derive(Clone, Debug)]
pub struct SlackMessage {
    pub at: Instant,
    /// To which path of the webhook: a sink can have several readers.
    pub path: String,
    pub body: Value,
}

impl SlackMessage {
    /// The channel that it asks for: nothing where the webhook decides.
    pub fn channel(&self) -> &str {
        self.body["channel"].as_str().unwrap_or_default()
    }

    /// The line that stands above it.
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

    /// All that a person can read or follow in it, each text in a line of its own; Slack's `&amp;` and its like read as what
    /// they stand for.
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
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| !UNSEEN.contains(&name.as_str()))
            .for_each(|(_, value)| gather(value, text)),
        _ => {}
    }
}

/// A webhook on loopback. Closes with this value.
pub struct SlackSink {
    door: Door,
    pub inbox: Inbox<SlackMessage>,
}

impl SlackSink {
    /// Opens one on a free port.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn open() -> anyhow::Result<SlackSink> {
        let inbox = Inbox::default();
        let arriving = inbox.clone();
        let door = Door::open(move |caller| {
            // A caller that hangs up in the middle has posted nothing.
            let _ = serve(caller, &arriving);
        })?;
        Ok(SlackSink { door, inbox })
    }

    pub fn address(&self) -> SocketAddr {
        self.door.address()
    }
}

/// Takes one request after another, for as long as the caller keeps the connection.
fn serve(caller: TcpStream, inbox: &Inbox<SlackMessage>) -> io::Result<()> {
    let mut answer = caller.try_clone()?;
    let mut caller = BufReader::new(caller);
    while let Some(message) = read(&mut caller)? {
        inbox.put(message);
        answer.write_all(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok",
        )?;
    }
    Ok(())
}

/// `None`: the caller has nothing more to say.
fn read(caller: &mut impl BufRead) -> io::Result<Option<SlackMessage>> {
    let mut head = String::new();
    if caller.by_ref().take(LARGEST).read_line(&mut head)? == 0 {
        return Ok(None);
    }
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut length = 0;
    loop {
        let mut line = String::new();
        if caller.by_ref().take(LARGEST).read_line(&mut line)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        match line.trim_end().split_once(':') {
            None => break,
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().map_err(|_| ErrorKind::InvalidData)?;
            }
            Some(_) => {}
        }
    }
    if length > LARGEST {
        return Err(ErrorKind::FileTooLarge.into());
    }
    let mut body = Vec::new();
    caller.by_ref().take(length).read_to_end(&mut body)?;
    Ok(Some(SlackMessage {
        at: Instant::now(),
        path,
        body: serde_json::from_slice(&body)?,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http;
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
        let mut lines: Vec<_> = message.text().lines().map(str::to_owned).collect();
        lines.sort();
        assert_eq!(lines, ["a < b", "down", "x"]);
    }
}
