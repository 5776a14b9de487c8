//! Requests that hold a secret, one in each place where it may be.

use super::service::curl;
use crate::harness::{fake_postgres::State, random::random_word};

/// What a target begins with that is a whole URL.
const WHOLE: &str = "http://";

/// Why a secret may be in a line, by its place.
const IN_QUERY: &str = "the query is logged with the path: %r of middleware::Logger does that, too";
const IN_HEADER: &str = "headers are logged: name the few that are harmless, if any are needed";
const IN_TARGET: &str = "the target of the request is logged as it came, and a client may write a whole URL there: req.path() is the path alone";
const IN_REFERER: &str =
    "the page that a caller comes from is another address, and has a query, too";

/// A request with one secret, and the state in which the service is when it comes.
pub struct Carrier {
    pub method: &'static str,
    /// With the query, or a whole URL.
    pub target: String,
    pub header: Option<(String, String)>,
    /// JSON, or nothing.
    pub body: &'static str,
    /// A word that nobody may read in the log: plain, and as it was sent.
    pub forms: Vec<String>,
    pub perhaps: &'static str,
    /// What a learner types before.
    pub before: String,
    pub database: State,
}

impl Carrier {
    /// One for each place. `target` may have a query.
    pub fn for_each_place(method: &'static str, target: &str, body: &'static str) -> Vec<Carrier> {
        let carrier = |target: String, header, forms, perhaps| Carrier {
            method,
            target,
            header,
            body,
            forms,
            perhaps,
            before: String::new(),
            database: State::Up,
        };
        let join = if target.contains('?') { '&' } else { '?' };
        let in_query = |name: &str, written: fn(&str) -> String| {
            let word = random_word();
            let sent = written(&word);
            let target = format!("{target}{join}{name}={sent}");
            carrier(
                target,
                None,
                vec![word, sent.to_lowercase(), sent],
                IN_QUERY,
            )
        };
        let in_header = |name: &str, before: &str, perhaps| {
            let word = random_word();
            let header = (name.to_owned(), format!("{before}{word}"));
            carrier(target.to_owned(), Some(header), vec![word], perhaps)
        };
        let in_a_whole_url = || {
            let word = random_word();
            let url = format!("{WHOLE}me:{word}@example.org{target}");
            carrier(url, None, vec![word], IN_TARGET)
        };
        vec![
            in_query("token", str::to_owned),
            in_query(&random_word(), str::to_owned),
            in_query("code", encoded),
            in_a_whole_url(),
            in_header("Authorization", "Bearer ", IN_HEADER),
            in_header("Proxy-Authorization", "Basic ", IN_HEADER),
            in_header("Cookie", "session=", IN_HEADER),
            in_header("Referer", "https://example.org/?token=", IN_REFERER),
            in_header("X-Api-Key", "", IN_HEADER),
            in_header(&format!("X-{}", random_word()), "", IN_HEADER),
        ]
    }

    /// The command with which a learner sends it.
    pub fn command(&self) -> String {
        let headers = self.headers();
        let mut more: String = headers
            .iter()
            .map(|(name, value)| format!(" -H '{name}: {value}'"))
            .collect();
        if !self.body.is_empty() {
            more.push_str(&format!(" -d '{}'", self.body));
        }
        if self.is_a_whole_url() {
            more.push_str(&format!(" --request-target '{}'", self.target));
            return curl(self.method, "/", &more);
        }
        curl(self.method, &self.target, &more)
    }

    /// Whether the target is written as clients write it for a proxy.
    pub fn is_a_whole_url(&self) -> bool {
        self.target.starts_with(WHOLE)
    }

    /// Names and values.
    pub fn headers(&self) -> Vec<(&str, &str)> {
        let secret = self.header.iter();
        let secret = secret.map(|(name, value)| (name.as_str(), value.as_str()));
        let json = (!self.body.is_empty()).then_some(("Content-Type", "application/json"));
        secret.chain(json).collect()
    }

    /// Whether this text holds the secret.
    pub fn is_told_by(&self, text: &str) -> bool {
        self.forms.iter().any(|form| text.contains(form))
    }
}

/// Each byte as `%77`, which is the same address.
fn encoded(word: &str) -> String {
    word.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{Carrier, encoded};

    #[test]
    fn each_command_holds_its_own_secret_and_no_other() {
        assert_eq!(encoded("w0"), "%77%30");
        let carriers = Carrier::for_each_place("POST", "/a?b=c", "{}");
        assert!(carriers[0].target.starts_with("/a?b=c&token=w"));
        for carrier in &carriers {
            let command = carrier.command();
            let told = carriers.iter().filter(|other| other.is_told_by(&command));
            assert_eq!(told.count(), 1, "{command}");
        }
    }
}
