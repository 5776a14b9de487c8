//! A copy of a configuration that makes Alertmanager notify only our sinks, and without long waits. Routes, hours, grouping,
//! inhibition and the texts of the messages stay as they are.

use std::net::SocketAddr;

use anyhow::{Context, ensure};
use serde_json::{Map, Value, json};

/// Long enough for alerts that are posted together to be notified together.
const GROUP_WAIT: &str = "200ms";

/// How long Alertmanager waits before it reports a change in a group.
const GROUP_INTERVAL: &str = "1s";

/// Long enough that no message is repeated.
const REPEAT_INTERVAL: &str = "1h";

/// The sections that are copied. Any other could connect elsewhere: tracing, event recorders, secrets.
const COPIED: [&str; 5] = [
    "route",
    "receivers",
    "inhibit_rules",
    "time_intervals",
    "mute_time_intervals",
];

/// The channels of a receiver that are copied; others are left out.
const WAYS: [&str; 2] = ["slack_configs", "email_configs"];

/// The fields that hold an address, a way to reach it, or credentials.
const ADDRESSES: [&str; 18] = [
    "api_url",
    "api_url_file",
    "app_token",
    "app_token_file",
    "app_url",
    "auth_identity",
    "auth_password",
    "auth_password_file",
    "auth_secret",
    "auth_secret_file",
    "auth_username",
    "force_implicit_tls",
    "hello",
    "http_config",
    "require_tls",
    "smarthost",
    "timeout",
    "tls_config",
];

/// The destinations that replace the original ones.
pub struct Sinks<'a> {
    /// The name by which Alertmanager reaches this machine.
    pub host: &'a str,
    pub slack: SocketAddr,
    pub mail: SocketAddr,
}

/// Creates the copy. It is JSON, which is valid YAML.
///
/// # Errors
/// When the text is not YAML, or the copy could notify anything but the sinks.
pub fn copy(text: &str, templates: bool, sinks: &Sinks) -> anyhow::Result<String> {
    let original: Map<String, Value> = serde_saphyr::from_str(text)?;
    let mut copy = Map::new();
    for name in COPIED {
        copy.extend(
            original
                .get(name)
                .map(|value| (name.to_owned(), value.clone())),
        );
    }
    let from = original
        .get("global")
        .and_then(|global| global.get("smtp_from"));
    let from = from.cloned().unwrap_or(json!("rehearsal@localhost"));
    copy.insert("global".to_owned(), sinks.global(from));
    if templates {
        copy.insert("templates".to_owned(), json!(["*.tmpl"]));
    }
    let route = copy.get_mut("route").context("there is no route")?;
    hurry(route);
    route["group_wait"] = json!(GROUP_WAIT);
    route["group_interval"] = json!(GROUP_INTERVAL);
    route["repeat_interval"] = json!(REPEAT_INTERVAL);
    for receiver in list(copy.get_mut("receivers")) {
        *receiver = redirected(receiver);
    }
    let copy = Value::Object(copy);
    leads_nowhere_else(&copy, sinks)?;
    Ok(copy.to_string())
}

impl Sinks<'_> {
    fn global(&self, from: Value) -> Value {
        json!({
            "slack_api_url": self.slack_url(),
            "smtp_smarthost": self.smarthost(),
            "smtp_from": from,
            "smtp_require_tls": false,
        })
    }

    fn slack_url(&self) -> String {
        format!("http://{}:{}/", self.host, self.slack.port())
    }

    fn smarthost(&self) -> String {
        format!("{}:{}", self.host, self.mail.port())
    }
}

/// Removes the times of all routes, which inherit those of the top route.
fn hurry(route: &mut Value) {
    if let Some(fields) = route.as_object_mut() {
        fields.remove("group_wait");
        fields.remove("group_interval");
        fields.remove("repeat_interval");
    }
    list(route.get_mut("routes")).for_each(hurry);
}

/// The receiver with its name and its messages, and without its original destinations.
fn redirected(receiver: &Value) -> Value {
    let mut copy = Map::from_iter([("name".to_owned(), receiver["name"].clone())]);
    for way in WAYS {
        let Some(mut configs) = receiver.get(way).cloned() else {
            continue;
        };
        for config in list(Some(&mut configs)) {
            if let Some(fields) = config.as_object_mut() {
                fields.retain(|name, _| !ADDRESSES.contains(&name.as_str()));
            }
        }
        copy.insert(way.to_owned(), configs);
    }
    Value::Object(copy)
}

/// A second check, independent of the first: every address that Alertmanager could connect to is one of our sinks.
fn leads_nowhere_else(copy: &Value, sinks: &Sinks) -> anyhow::Result<()> {
    let ours = [json!(sinks.slack_url()), json!(sinks.smarthost())];
    let global = copy["global"].as_object().context("there is no global")?;
    for name in ["slack_api_url", "smtp_smarthost"] {
        ensure!(ours.contains(&global[name]), "{name} leads elsewhere");
    }
    ensure!(global.len() == 4, "more is global than was laid there");
    for receiver in copy["receivers"].as_array().into_iter().flatten() {
        let ways = receiver.as_object().context("a receiver is no object")?;
        for (way, configs) in ways.iter().filter(|(name, _)| *name != "name") {
            ensure!(WAYS.contains(&way.as_str()), "{way} leads elsewhere");
            for config in configs.as_array().into_iter().flatten() {
                let address = ADDRESSES.iter().find(|name| config.get(name).is_some());
                ensure!(address.is_none(), "{address:?} of {way} leads elsewhere");
            }
        }
    }
    Ok(())
}

fn list(value: Option<&mut Value>) -> impl Iterator<Item = &mut Value> {
    value.and_then(Value::as_array_mut).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_of_the_original_is_left() {
        let original = "
            global: { slack_api_url_file: /secret, smtp_smarthost: 'mail.example.com:25', http_config: { proxy_url: 'http://proxy.example.com' } }
            tracing: { endpoint: trace.example.com }
            route: { receiver: a, group_wait: 5m, routes: [{ receiver: a, group_wait: 9m, matchers: [x=y] }] }
            receivers:
              - name: a
                slack_configs: [{ api_url: 'https://slack.example.com', channel: '#ops', http_config: { proxy_url: 'http://proxy.example.com' } }]
                email_configs: [{ to: me@example.org, smarthost: 'mail.example.com:465', auth_password: secret }]
                webhook_configs: [{ url: 'http://hook.example.com' }]";
        let sink = SocketAddr::from(([127, 0, 0, 1], 1));
        let sinks = Sinks {
            host: "127.0.0.1",
            slack: sink,
            mail: sink,
        };
        let copy = copy(original, false, &sinks).unwrap();
        assert!(!copy.contains("example.com"), "{copy}");
        assert!(
            !copy.contains("secret") && !copy.contains("5m") && !copy.contains("9m"),
            "{copy}"
        );
        assert!(
            copy.contains("#ops") && copy.contains("me@example.org"),
            "{copy}"
        );
    }
}
