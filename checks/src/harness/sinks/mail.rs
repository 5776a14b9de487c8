//! A mail server: accepts what is sent to it by SMTP, and delivers it to no real mailbox.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Instant,
};

use super::{Inbox, mime};
use crate::harness::listener::Listener;

/// The most bytes of a mail: more than a monitor has to say.
const LARGEST: u64 = 4 * 1024 * 1024;

/// One mail.
#[derive(Clone, Debug)]
pub struct Mail {
    pub at: Instant,
    pub from: String,
    /// Its recipients, from the envelope.
    pub to: Vec<String>,
    pub subject: String,
    /// Its decoded parts one after the other. HTML keeps its tags, because that is where the links are.
    pub body: String,
    /// The part that a mail program shows: the HTML if there is any, otherwise the text.
    pub shown: String,
}

impl Mail {
    /// Everything that a mail program shows of it, and that a person can read or follow.
    pub fn text(&self) -> String {
        format!("{}\n{}", self.subject, self.shown)
    }
}

/// A mail server on loopback. It closes when it is dropped.
pub struct MailSink {
    listener: Listener,
    pub inbox: Inbox<Mail>,
}

impl MailSink {
    /// Opens a server on a free port.
    ///
    /// # Errors
    /// When no port is available.
    pub fn open() -> anyhow::Result<MailSink> {
        let inbox = Inbox::default();
        let arriving = inbox.clone();
        let listener = Listener::open(move |caller| {
            // A client that hangs up in the middle has sent nothing.
            let _ = serve(caller, &arriving);
        })?;
        Ok(MailSink { listener, inbox })
    }

    pub fn address(&self) -> SocketAddr {
        self.listener.address()
    }
}

/// One conversation. Any credentials are accepted.
fn serve(caller: TcpStream, inbox: &Inbox<Mail>) -> io::Result<()> {
    let mut answer = caller.try_clone()?;
    let mut caller = BufReader::new(caller).take(LARGEST);
    let (mut from, mut to) = (String::new(), Vec::new());
    let mut say = |line: &str| answer.write_all(format!("{line}\r\n").as_bytes());
    say("220 localhost ESMTP")?;
    while let Some(line) = line(&mut caller)? {
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => say("250-localhost\r\n250 AUTH PLAIN LOGIN")?,
            "HELO" | "NOOP" => say("250 localhost")?,
            "AUTH" => {
                let mut words = rest.split(' ');
                let login = words
                    .next()
                    .unwrap_or_default()
                    .eq_ignore_ascii_case("LOGIN");
                let given = words.count();
                // LOGIN asks for name and password one at a time: `Username:` and `Password:` in base64.
                let asked = ["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"];
                for question in &asked[given.min(2)..if login { 2 } else { 1 }.max(given.min(2))] {
                    say(question)?;
                    self::line(&mut caller)?;
                }
                say("235 welcome")?;
            }
            "MAIL" => {
                from = address(rest);
                to.clear();
                say("250 go on")?;
            }
            "RCPT" => {
                to.push(address(rest));
                say("250 go on")?;
            }
            "DATA" => {
                say("354 end with a dot")?;
                let content = mime::read(&data(&mut caller)?);
                inbox.put(Mail {
                    at: Instant::now(),
                    from: from.clone(),
                    to: to.clone(),
                    subject: content.subject,
                    body: content.body,
                    shown: content.shown,
                });
                say("250 taken")?;
            }
            "RSET" => say("250 forgotten")?,
            "QUIT" => return say("221 bye"),
            _ => say("502 not here")?,
        }
    }
    Ok(())
}

/// The next line. `None`: the client has hung up.
fn line(caller: &mut impl BufRead) -> io::Result<Option<String>> {
    let line = raw_line(caller)?;
    Ok(line.map(|line| String::from_utf8_lossy(&line).into_owned()))
}

/// The next line as bytes, in any encoding.
fn raw_line(caller: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let read = caller.read_until(b'\n', &mut line)?;
    while line.ends_with(b"\n") || line.ends_with(b"\r") {
        line.pop();
    }
    Ok((read > 0).then_some(line))
}

/// All lines before the one that is a single dot. A dot at the beginning of a line was doubled by the sender.
fn data(caller: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut mail = Vec::new();
    while let Some(line) = raw_line(caller)? {
        if line == b"." {
            return Ok(mail);
        }
        mail.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        mail.push(b'\n');
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

/// The text between the brackets of `FROM:<me@example.com>`.
fn address(argument: &str) -> String {
    let inner = argument.split_once('<').map_or(argument, |(_, rest)| rest);
    inner.split('>').next().unwrap_or_default().to_owned()
}
