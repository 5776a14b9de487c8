//! Reads a mail, as far as a monitor's mails go: a subject, and parts that are quoted-printable or plain.

/// Its subject, and its parts one after the other.
pub fn read(mail: &str) -> (String, String) {
    let (head, body) = mail.split_once("\n\n").unwrap_or((mail, ""));
    let subject = words(&header(head, "subject").unwrap_or_default());
    (subject, part(head, body))
}

/// The text of a part, which may have parts in its turn.
fn part(head: &str, body: &str) -> String {
    let boundary = header(head, "content-type").and_then(|kind| {
        let (_, after) = kind.split_once("boundary=")?;
        let value = after.trim_start_matches('"').split(['"', ';']).next()?;
        Some(format!("--{value}"))
    });
    if let Some(boundary) = boundary {
        return body
            .split(&*boundary)
            .skip(1) // what stands before the first is for nobody
            .filter_map(|inner| inner.trim_start().split_once("\n\n"))
            .map(|(head, body)| part(head, body))
            .collect();
    }
    let quoted = header(head, "content-transfer-encoding")
        .is_some_and(|how| how.eq_ignore_ascii_case("quoted-printable"));
    let text = if quoted {
        unquoted(&body.replace("=\n", ""), '=')
    } else {
        body.to_owned()
    };
    let html = header(head, "content-type").is_some_and(|kind| kind.starts_with("text/html"));
    if html { without_entities(&text) } else { text }
}

/// The value of a header, whose lines may go on in the next.
fn header(head: &str, name: &str) -> Option<String> {
    let unfolded = head.replace("\n ", " ").replace("\n\t", " ");
    unfolded.lines().find_map(|line| {
        let (given, value) = line.split_once(':')?;
        given
            .eq_ignore_ascii_case(name)
            .then(|| value.trim().to_owned())
    })
}

/// A header's text in which words that are not ASCII are written `=?utf-8?q?…?=`.
fn words(text: &str) -> String {
    let mut read = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("=?") {
        let mut pieces = after.splitn(3, '?');
        let encoded = (pieces.next(), pieces.next(), pieces.next());
        let (Some(_), Some("q" | "Q"), Some(word)) = encoded else {
            break;
        };
        let (word, after) = word.split_once("?=").unwrap_or((word, ""));
        // The space between two such words is not part of the text.
        if !(before.trim().is_empty() && !read.is_empty()) {
            read.push_str(before);
        }
        read.push_str(&unquoted(&word.replace('_', " "), '='));
        rest = after;
    }
    read + rest
}

/// `=C3=A4` is `ä`.
fn unquoted(text: &str, sign: char) -> String {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(sign) {
        bytes.extend_from_slice(before.as_bytes());
        let byte = after
            .get(..2)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(sign as u8));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What stands in HTML for letters that mean something in HTML.
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
            value =3D 81 =\n%\n--1a2b\nContent-Transfer-Encoding: quoted-printable\nContent-Type: text/html\n\n\
            <a href=3D\"http://x/?a&amp;b\">r</a>\n--1a2b--\n";
        let (subject, body) = read(mail);
        assert_eq!(subject, "가 b down");
        assert_eq!(body, "value = 81 %\n<a href=\"http://x/?a&b\">r</a>\n");
    }

    #[test]
    fn a_plain_mail_is_read() {
        let mail = "Subject: down\n\nvalue = 81 %\n";
        assert_eq!(read(mail), ("down".into(), "value = 81 %\n".into()));
    }
}
