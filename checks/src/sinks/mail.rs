//! A mail server: takes what is sent to it by SMTP, and passes it on to nobody.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Instant,
};

use super::{Inbox, door::Door, mime};

/// More than a monitor has to say.
const LARGEST: u64 = 4 * 1024 * 1024;

/// One mail.
#[derive(Clone, Debug)]
pub struct Mail {
    pub at: Instant,
    pub from: String,
    /// Whom it is for, by its envelope.
    pub to: Vec<String>,
    pub subject: String,
    /// Its parts one after the other, decoded; of HTML with its tags, because that is where its links are.
    pub body: String,
}

impl Mail {
    /// All that a person can read or follow in it.
    pub fn text(&self) -> String {
        format!("{}\n{}", self.subject, self.body)
    }
}

/// A mail server on loopback. Closes with this value.
pub struct MailSink {
    door: Door,
    pub inbox: Inbox<Mail>,
}

impl MailSink {
    /// Opens one on a free port.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn open() -> anyhow::Result<MailSink> {
        let inbox = Inbox::default();
        let arriving = inbox.clone();
        let door = Door::open(move |caller| {
            // A caller that hangs up in the middle has sent nothing.
            let _ = serve(caller, &arriving);
        })?;
        Ok(MailSink { door, inbox })
    }

    pub fn address(&self) -> SocketAddr {
        self.door.address()
    }
}

/// One conversation. Whoever says who they are is believed.
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
                // Name and password of LOGIN are asked for one at a time, `Username:` and `Password:` in base64.
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
                let (subject, body) = mime::read(&data(&mut caller)?);
                inbox.put(Mail {
                    at: Instant::now(),
                    from: from.clone(),
                    to: to.clone(),
                    subject,
                    body,
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

/// `None`: the caller has hung up.
fn line(caller: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    let read = caller.read_until(b'\n', &mut line)?;
    let text = String::from_utf8_lossy(&line);
    Ok((read > 0).then(|| text.trim_end_matches(['\r', '\n']).to_owned()))
}

/// All lines up to the one that is a dot. A dot that a line begins with was doubled on the way.
fn data(caller: &mut impl BufRead) -> io::Result<String> {
    let mut text = String::new();
    while let Some(line) = line(caller)? {
        if line == "." {
            return Ok(text);
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
        text.push('\n');
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

/// What stands in the brackets of `FROM:<me@example.com>`.
fn address(argument: &str) -> String {
    let inner = argument.split_once('<').map_or(argument, |(_, rest)| rest);
    inner.split('>').next().unwrap_or_default().to_owned()
}
