//! A copy of a configuration with which Alertmanager tells nobody but our sinks, and is quick about it. Routes, hours, grouping,
//! silencing and the words of the messages stay as they are.

use std::net::SocketAddr;

use anyhow::{Context, ensure};
use serde_json::{Map, Value, json};

/// Long enough that alerts which are posted together are told together.
const GROUP_WAIT: &str = "200ms";

/// How long a change of what was told already takes to be told.
const GROUP_INTERVAL: &str = "1s";

/// No message is to come twice.
const REPEAT_INTERVAL: &str = "1h";

/// What is copied of a file. All else could lead somewhere: tracing, event recorders, secrets.
const COPIED: [&str; 5] = [
    "route",
    "receivers",
    "inhibit_rules",
    "time_intervals",
    "mute_time_intervals",
];

/// How a receiver can be told in a rehearsal; its other ways are left out.
const WAYS: [&str; 2] = ["slack_configs", "email_configs"];

/// What says where to, how to get there, and as whom.
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

/// Where messages go instead.
pub struct Stage<'a> {
    /// The name of this machine for Alertmanager.
    pub host: &'a str,
    pub slack: SocketAddr,
    pub mail: SocketAddr,
}

/// The copy. JSON is YAML.
///
/// # Errors
/// When the text is no YAML, or the copy could tell anybody else.
pub fn copy(text: &str, templates: bool, stage: &Stage) -> anyhow::Result<String> {
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
    copy.insert("global".to_owned(), stage.global(from));
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
    leads_nowhere_else(&copy, stage)?;
    Ok(copy.to_string())
}

impl Stage<'_> {
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

/// All routes keep the times of the one at the top.
fn hurry(route: &mut Value) {
    if let Some(fields) = route.as_object_mut() {
        fields.remove("group_wait");
        fields.remove("group_interval");
        fields.remove("repeat_interval");
    }
    list(route.get_mut("routes")).for_each(hurry);
}

/// With its name and its messages, and nothing that says where to.
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

/// Looked at again, from the other end: whatever Alertmanager could dial is one of our sinks.
fn leads_nowhere_else(copy: &Value, stage: &Stage) -> anyhow::Result<()> {
    let ours = [json!(stage.slack_url()), json!(stage.smarthost())];
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
        let stage = Stage {
            host: "127.0.0.1",
            slack: sink,
            mail: sink,
        };
        let copy = copy(original, false, &stage).unwrap();
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
