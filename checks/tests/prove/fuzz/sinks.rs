//! What is sent to the webhook and the mail server of step 7.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use checks::harness::sinks::{MailSink, SlackMessage, SlackSink, mime};

use super::readers::Reader;

pub const ALL: [Reader; 4] = [
    ("Slack payloads", || Ok(vec![PAYLOAD.into()]), payload),
    ("mails", || Ok(vec![MAIL.into(), BASE64.into()]), mail),
    (
        "posts to the webhook",
        || Ok(vec![POST.into(), CHUNKED.into()]),
        post,
    ),
    ("words to the mail server", || Ok(vec![SMTP.into()]), smtp),
];

const PAYLOAD: &str = r##"{"channel":"#ops","attachments":[{"title":"down","fallback":"f","text":"a &lt; b","fields":[{"value":"x"}]}]}"##;
const MAIL: &str = "Subject: =?UTF-8?q?=EA=B0=80_?=\r\n =?UTF-8?q?b?= down\r\nContent-Type: multipart/alternative;  boundary=1a2b\r\n\r\n\
    --1a2b\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n\
    value =3D 81 =\r\n%\r\n--1a2b\r\nContent-Type: text/html; charset=EUC-KR\r\n\r\n<a href=\"x\">r</a>\r\n--1a2b--\r\n";
const BASE64: &str =
    "Subject: =?utf-8?B?6rCA?= down\nContent-Transfer-Encoding: base64\n\n6rCAIGRv\nd24=\n";
const POST: &str = "POST /page HTTP/1.1\r\nHost: me\r\nContent-Length: 11\r\n\r\n{\"text\":\"\"}";
const CHUNKED: &str =
    "POST /page HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n";
const SMTP: &str = "EHLO me\r\nAUTH PLAIN AGEAYg==\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\nSubject: s\r\n\r\nx\r\n.\r\nQUIT\r\n";

/// Long enough for a busy machine.
const LIMIT: Duration = Duration::from_secs(10);

fn payload(input: &[u8]) {
    let Ok(body) = serde_json::from_slice(input) else {
        return;
    };
    let message = SlackMessage {
        at: Instant::now(),
        path: "/".to_owned(),
        body,
    };
    let shown = [
        message.text().len(),
        message.title().len(),
        message.channel().len(),
    ];
    assert!(shown.iter().all(|shown| *shown <= input.len() * 2));
}

fn mail(input: &[u8]) {
    let content = mime::read(input);
    // Of an encoding of one byte, each letter can take three.
    assert!(content.shown.len() <= input.len() * 4 && content.body.len() <= input.len() * 4);
}

fn post(input: &[u8]) {
    let sink = SlackSink::open().expect("a port");
    say(sink.address(), input);
}

fn smtp(input: &[u8]) {
    let sink = MailSink::open().expect("a port");
    say(sink.address(), input);
}

/// Says it, and hears the answer out. The server may hang up before it has heard everything.
fn say(address: SocketAddr, words: &[u8]) {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(LIMIT)).expect("a time limit");
    stream.set_write_timeout(Some(LIMIT)).expect("a time limit");
    let _ = stream.write_all(words);
    let _ = stream.shutdown(Shutdown::Write);
    let began = Instant::now();
    let _ = stream.read_to_end(&mut Vec::new());
    assert!(began.elapsed() < LIMIT, "it does not hang up");
}
