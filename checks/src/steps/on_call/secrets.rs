//! No secrets in the file: everyone with access to the repository can read it.

use std::sync::LazyLock;

use regex::RegexSet;
use serde_json::Value;

use crate::check::Failure;

use super::context::Context;

/// The fields that hold a secret; most have a sibling that names a file.
const FIELDS: [&str; 20] = [
    "api_key",
    "api_secret",
    "api_url",
    "app_token",
    "auth_password",
    "auth_secret",
    "bearer_token",
    "bot_token",
    "client_secret",
    "credentials",
    "key",
    "password",
    "routing_key",
    "secret",
    "service_key",
    "token",
    "user_key",
    "webhook_url",
    "slack_api_url",
    "smtp_auth_password",
];

/// Texts that are secrets wherever they occur, also in a comment.
static SECRETS: LazyLock<RegexSet> = LazyLock::new(|| {
    let patterns = [
        r"hooks\.slack\.com/(services|workflows|triggers)/\w+/\w+/([\w-]*[1-9A-WYZa-wyz][\w-]*)",
        r"xox[a-z]-[\w-]{8,}",
        r"://[^/\s:@]+:[^/\s:@]+@",
        // The services outside that the lesson names for the watchdog: with the address anybody can say that all is well.
        r"hc-ping\.com/[0-]*[1-9a-fA-F][0-9a-fA-F-]{8,}",
        r"nosnch\.in/0*[1-9a-f][0-9a-f]{4,}",
    ];
    RegexSet::new(patterns).expect("the patterns are valid")
});

/// Slack's public URL for clients that authenticate with a token.
const PUBLIC: &str = "https://slack.com/api/chat.postMessage";

/// The folder of the secrets inside the container, and the two that compose.yaml lays there.
const FOLDER: &str = "/run/secrets/";
const PLACES: [(&str, &str); 2] = [
    ("slack_api_url_file", "/run/secrets/slack_url"),
    ("smtp_auth_password_file", "/run/secrets/smtp_password"),
];

/// Files that are no secrets.
const CERTIFICATES: [&str; 3] = ["ca_file", "cert_file", "client_ca_file"];

pub fn are_kept_out(context: &Context) -> Result<(), Failure> {
    for (number, line) in context.text.lines().enumerate() {
        if SECRETS.is_match(line) {
            return Err(leaked(
                context,
                number + 1,
                "an address or a token that is a secret",
            ));
        }
    }
    // The file was already parsed once.
    let file: Value = serde_saphyr::from_str(&context.text).unwrap_or_default();
    let mut fields = Vec::new();
    texts(&file, &mut fields);
    for (name, value) in &fields {
        if is_secret(name, value) {
            let what = format!("{name}, {} characters", value.chars().count());
            return Err(leaked(context, line_of(context, name, value), &what));
        }
    }
    for (name, value) in &fields {
        is_in_its_place(context, name, value)?;
    }
    Ok(())
}

fn leaked(context: &Context, line: usize, what: &str) -> Failure {
    Failure::new(
        "no secret stands in the file",
        format!("alertmanager.yml:{line}: {what}"),
        format!("sed -n {line}p {}", context.file),
    )
    .perhaps("if it was real and is committed, it stays in the history: have it replaced")
}

/// Alertmanager finds a secret only where compose.yaml has laid it.
fn is_in_its_place(context: &Context, name: &str, value: &str) -> Result<(), Failure> {
    if !name.ends_with("_file") || CERTIFICATES.contains(&name) {
        return Ok(());
    }
    let place = PLACES.iter().find(|(field, _)| *field == name);
    let own = name == "api_url_file" && value == PLACES[1].1;
    let right = place.map_or(value.starts_with(FOLDER) && !own, |(_, path)| {
        value == *path
    });
    if right {
        return Ok(());
    }
    let cause = if value.contains('$') {
        "Alertmanager does not put in variables of the environment: it looks for a file of this name"
    } else if PLACES.iter().any(|(_, path)| *path == value) {
        "this file holds the other secret"
    } else {
        "inside the container there is no such file"
    };
    let line = line_of(context, name, value);
    let path = place.map_or("a path in /run/secrets", |(_, path)| path);
    Err(Failure::new(
        format!("{name}: {path}, where compose.yaml lays the file"),
        format!("alertmanager.yml:{line}: {name}: {value}"),
        format!(
            "sed -n {line}p {}\ngrep -A5 ^secrets: compose.yaml",
            context.file
        ),
    )
    .perhaps(cause))
}

/// The line of a field with this value; comments and longer names are others.
fn line_of(context: &Context, name: &str, value: &str) -> usize {
    let first = value.lines().next().unwrap_or_default();
    let is_it = |with_value: bool| {
        context.text.lines().position(|line| {
            let line = line.trim_start_matches([' ', '-', '{', '"', '\'']);
            line.starts_with(name) && (!with_value || line.contains(first))
        })
    };
    is_it(true).or(is_it(false)).map_or(0, |line| line + 1)
}

/// All fields with a text, at any depth.
fn texts(value: &Value, fields: &mut Vec<(String, String)>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                match value {
                    Value::String(text) => fields.push((name.clone(), text.clone())),
                    other => texts(other, fields),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| texts(value, fields)),
        _ => {}
    }
}

fn is_secret(name: &str, text: &str) -> bool {
    let ends = ["_password", "_secret", "_token", "_api_key", "_api_url"];
    (FIELDS.contains(&name) || ends.iter().any(|end| name.ends_with(end)))
        && !text.is_empty()
        && text != PUBLIC
}
