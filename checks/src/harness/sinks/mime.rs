//! The content of a mail, in any encoding.

use mailparse::{MailHeaderMap, ParsedMail};

/// A mail for people.
#[derive(Debug, PartialEq)]
pub struct Content {
    pub subject: String,
    /// The parts one after the other.
    pub body: String,
    /// The part that a mail program shows: the HTML if there is any, otherwise the text.
    pub shown: String,
}

/// A mail that cannot be parsed is returned as it is.
pub fn read(mail: &[u8]) -> Content {
    let Ok(mail) = mailparse::parse_mail(mail) else {
        let body = String::from_utf8_lossy(mail).into_owned();
        let subject = String::new();
        return Content {
            subject,
            shown: body.clone(),
            body,
        };
    };
    let subject = mail.headers.get_first_value("Subject");
    let body = body(&mail);
    Content {
        subject: subject.unwrap_or_default(),
        shown: html(&mail).unwrap_or_else(|| body.clone()),
        body,
    }
}

/// The part in HTML, unless it is empty.
fn html(part: &ParsedMail) -> Option<String> {
    if part.subparts.is_empty() {
        let is_html = part.ctype.mimetype == "text/html";
        return Some(body(part)).filter(|text| is_html && !text.trim().is_empty());
    }
    part.subparts.iter().find_map(html)
}

/// The text of a part, which may itself have parts.
fn body(part: &ParsedMail) -> String {
    if !part.subparts.is_empty() {
        let parts: Vec<String> = part.subparts.iter().map(body).collect();
        return parts.join("\n");
    }
    let as_it_is = || String::from_utf8_lossy(part.raw_bytes).into_owned();
    let text = part.get_body().unwrap_or_else(|_| as_it_is());
    let text = text.replace("\r\n", "\n");
    if part.ctype.mimetype == "text/html" {
        without_entities(&text)
    } else {
        text
    }
}

/// Replaces the entities for characters that have a meaning in HTML.
fn without_entities(html: &str) -> String {
    const ENTITIES: [(&str, &str); 9] = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#34;", "\""),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#43;", "+"),
        ("&#61;", "="),
        ("&#x2F;", "/"),
        ("&amp;", "&"),
    ];
    ENTITIES
        .iter()
        .fold(html.to_owned(), |text, (entity, letter)| {
            text.replace(entity, letter)
        })
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_mail_of_two_parts_is_read() {
        let mail = "Subject: =?UTF-8?q?=EA=B0=80_?=\n =?UTF-8?q?b?= down\nContent-Type: multipart/alternative;  boundary=1a2b\n\n\
            --1a2b\nContent-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=UTF-8\n\n\
            value =3D 81 =\n%\n--1a2b\nContent-Transfer-Encoding: quoted-printable\nContent-Type: text/html; charset=UTF-8\n\n\
            <a href=3D\"http://x/?a&amp;b\">r</a>\n--1a2b--\n";
        let mail = read(mail.as_bytes());
        assert_eq!(mail.subject, "가 b down");
        assert_eq!(mail.body, "value = 81 %\n<a href=\"http://x/?a&b\">r</a>");
        assert_eq!(mail.shown, "<a href=\"http://x/?a&b\">r</a>");
    }

    #[test]
    fn a_mail_in_base64_is_read() {
        let mail = "Subject: =?utf-8?B?6rCA?= down\nContent-Transfer-Encoding: base64\n\
            Content-Type: text/plain; charset=UTF-8\n\n6rCAIGRv\nd24=\n";
        let mail = read(mail.as_bytes());
        assert_eq!(
            (mail.subject, mail.body),
            ("가 down".into(), "가 down".into())
        );
    }

    #[test]
    fn a_plain_mail_is_read() {
        let mail = "Subject: down\n\nvalue = 81 %\n";
        let mail = read(mail.as_bytes());
        assert_eq!(mail.subject, "down");
        assert_eq!(
            (mail.body.as_str(), mail.shown.as_str()),
            ("value = 81 %\n", "value = 81 %\n")
        );
    }
}
