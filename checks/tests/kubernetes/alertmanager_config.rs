//! `alertmanager.yml` in the operator's words. What these words cannot say is an error, not left out.

use anyhow::{Context, bail, ensure};
use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::Time,
    tz::{Offset, TimeZone},
};
use serde_json::{Map, Value, json};

/// The Secret that holds what the files with the secrets hold; the names of its keys are those of the files.
const SECRET: &str = "alertmanager";

type Fields = Map<String, Value>;

/// The `spec` of an AlertmanagerConfig.
pub fn spec(text: &str) -> anyhow::Result<Value> {
    let config: Fields = serde_saphyr::from_str(text)?;
    let mut spec = Fields::new();
    for (name, value) in &config {
        let (name, value) = match name.as_str() {
            // An AlertmanagerConfig has no such part: each receiver says it for itself.
            "global" => continue,
            "route" => ("route", route(value)?),
            "receivers" => ("receivers", each(value, |it| receiver(it, &config))?),
            "inhibit_rules" => ("inhibitRules", each(value, inhibit_rule)?),
            "time_intervals" => ("muteTimeIntervals", each(value, time_intervals)?),
            other => bail!("{other} has no translation"),
        };
        spec.insert(name.to_owned(), value);
    }
    Ok(spec.into())
}

fn route(route: &Value) -> anyhow::Result<Value> {
    translated(route, |name, value| match name {
        "matchers" => matchers(value),
        "routes" => each(value, self::route),
        _ => Ok(value.clone()),
    })
}

fn inhibit_rule(rule: &Value) -> anyhow::Result<Value> {
    let rule = fields(rule)?;
    let mut translation = Fields::new();
    for (name, value) in rule {
        let (name, value) = match name.as_str() {
            "source_matchers" => ("sourceMatch", matchers(value)?),
            "target_matchers" => ("targetMatch", matchers(value)?),
            "equal" => ("equal", value.clone()),
            other => bail!("{other} of an inhibition rule has no translation"),
        };
        translation.insert(name.to_owned(), value);
    }
    Ok(translation.into())
}

/// `[severity="page"]`, which the operator wants in pieces.
fn matchers(matchers: &Value) -> anyhow::Result<Value> {
    each(matchers, |matcher| {
        let matcher = matcher.as_str().context("a matcher is a text")?;
        let begin = matcher.find(['=', '!']).context("no operator")?;
        let kinds = ["=~", "!~", "!=", "="];
        let kind = kinds
            .into_iter()
            .find(|it| matcher[begin..].starts_with(it));
        let kind = kind.context("no operator")?;
        let value = matcher[begin + kind.len()..].trim();
        let value = value.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
        let value = value.context("no value in quotation marks")?;
        ensure!(!value.contains(['"', '\\']), "{matcher}: too clever");
        Ok(json!({ "name": matcher[..begin].trim(), "matchType": kind, "value": value }))
    })
}

fn receiver(receiver: &Value, config: &Fields) -> anyhow::Result<Value> {
    let global = &config["global"];
    translated(receiver, |name, value| match name {
        "name" => Ok(value.clone()),
        "slack_configs" => each(value, |slack| slack_config(slack, global)),
        "email_configs" => each(value, |email| email_config(email, global)),
        other => bail!("{other} has no translation"),
    })
}

fn slack_config(slack: &Value, global: &Value) -> anyhow::Result<Value> {
    let mut translation = translated(slack, |_, value| Ok(value.clone()))?;
    translation["apiURL"] = secret(&global["slack_api_url_file"])?;
    Ok(translation)
}

fn email_config(email: &Value, global: &Value) -> anyhow::Result<Value> {
    let mut translation = translated(email, |name, value| match name {
        "headers" => {
            let headers = fields(value)?.iter();
            Ok(headers
                .map(|(key, value)| json!({ "key": key, "value": value }))
                .collect())
        }
        _ => Ok(value.clone()),
    })?;
    translation["smarthost"] = global["smtp_smarthost"].clone();
    translation["from"] = global["smtp_from"].clone();
    translation["authUsername"] = global["smtp_auth_username"].clone();
    translation["authPassword"] = secret(&global["smtp_auth_password_file"])?;
    Ok(translation)
}

/// Not a file: the operator reads a Secret in the same namespace.
fn secret(file: &Value) -> anyhow::Result<Value> {
    let file = file.as_str().context("a secret is in a file")?;
    let key = file.rsplit('/').next();
    Ok(json!({ "name": SECRET, "key": key }))
}

fn time_intervals(intervals: &Value) -> anyhow::Result<Value> {
    translated(intervals, |name, value| match name {
        "time_intervals" => each(value, in_utc),
        _ => Ok(value.clone()),
    })
}

/// An AlertmanagerConfig has no `location`: its hours are in UTC. They can be said there if the place has no summer time, and if
/// the day is the same one in both places.
fn in_utc(interval: &Value) -> anyhow::Result<Value> {
    let place = TimeZone::get(interval["location"].as_str().unwrap_or("UTC"))?;
    let offset = place.to_offset(Timestamp::now());
    let next = place.following(Timestamp::now()).next();
    ensure!(
        next.is_none_or(|next| next.timestamp() > Timestamp::now() + (10 * 366 * 24).hours()),
        "clocks change there"
    );
    let mut interval = interval.clone();
    fields_mut(&mut interval)?.remove("location");
    translated(&interval, |name, value| match name {
        "times" => each(value, |times| {
            translated(times, |_, time| shifted(time, offset).map(Value::from))
        }),
        _ => Ok(value.clone()),
    })
}

fn shifted(time: &Value, offset: Offset) -> anyhow::Result<String> {
    let time: Time = time.as_str().context("a time is a text")?.parse()?;
    let back = SignedDuration::from_secs(-i64::from(offset.seconds()));
    let time = time.checked_add(back).context("another day in UTC")?;
    Ok(time.strftime("%H:%M").to_string())
}

/// The same fields under the operator's names, with translated values.
fn translated(
    value: &Value,
    translate: impl Fn(&str, &Value) -> anyhow::Result<Value>,
) -> anyhow::Result<Value> {
    let mut translation = Fields::new();
    for (name, value) in fields(value)? {
        let value = translate(name, value).with_context(|| name.clone())?;
        translation.insert(camel_case(name), value);
    }
    Ok(translation.into())
}

fn each(
    list: &Value,
    translate: impl Fn(&Value) -> anyhow::Result<Value>,
) -> anyhow::Result<Value> {
    let list = list.as_array().context("not a list")?;
    list.iter().map(translate).collect()
}

fn fields(value: &Value) -> anyhow::Result<&Fields> {
    value.as_object().context("no fields")
}

fn fields_mut(value: &mut Value) -> anyhow::Result<&mut Fields> {
    value.as_object_mut().context("no fields")
}

/// `group_wait` is `groupWait`.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let (first, rest) = word.split_at(word.len().min(1));
        camel += &first.to_uppercase();
        camel += rest;
    }
    camel
}
