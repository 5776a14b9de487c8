//! Secrets: not in the file, which everybody has who has the repository.

use regex::Regex;
use serde_json::Value;

use crate::check::Failure;

use super::scene::{Scene, failure};

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

/// What is a secret wherever it stands, also in a comment.
const PATTERNS: [&str; 3] = [
    r"hooks\.slack\.com/(services|workflows|triggers)/\w+/\w+/([\w-]*[1-9A-WYZa-wyz][\w-]*)",
    r"xox[a-z]-[\w-]{8,}",
    r"://[^/\s:@]+:[^/\s:@]+@",
];

/// Slack's address for those who send a token with it.
const PUBLIC: &str = "https://slack.com/api/chat.postMessage";

pub fn are_kept_out(scene: &Scene) -> Result<(), Failure> {
    for (number, line) in scene.text.lines().enumerate() {
        let leaks = |pattern: &&str| Regex::new(pattern).is_ok_and(|regex| regex.is_match(line));
        if PATTERNS.iter().any(leaks) {
            let what = format!("line {}: an address with the secret in it", number + 1);
            return Err(found(scene, what));
        }
    }
    // It has been read before.
    let file: Value = serde_saphyr::from_str(&scene.text).unwrap_or_default();
    match secret_field(&file) {
        Some((name, value)) => {
            let line = scene.text.lines().position(|line| line.contains(&name));
            let line = line.map_or(0, |line| line + 1);
            let length = value.chars().count();
            Err(found(
                scene,
                format!("line {line}: {name}, {length} characters"),
            ))
        }
        None => Ok(()),
    }
}

fn found(scene: &Scene, what: String) -> Failure {
    failure(
        "no secret stands in the file",
        what,
        format!(
            "git grep -nE 'hooks.slack|password|token' \\\n  {}",
            scene.file
        ),
    )
    .perhaps(Some(
        "if it was real and is committed, it stays in the history: have it replaced",
    ))
}

/// The first field, at any depth, that holds a secret.
fn secret_field(value: &Value) -> Option<(String, String)> {
    match value {
        Value::Object(fields) => fields.iter().find_map(|(name, value)| match value {
            Value::String(text) if is_secret(name, text) => Some((name.clone(), text.clone())),
            other => secret_field(other),
        }),
        Value::Array(values) => values.iter().find_map(secret_field),
        _ => None,
    }
}

fn is_secret(name: &str, text: &str) -> bool {
    let ends = ["_password", "_secret", "_token", "_api_key", "_api_url"];
    (FIELDS.contains(&name) || ends.iter().any(|end| name.ends_with(end)))
        && !text.is_empty()
        && text != PUBLIC
}
