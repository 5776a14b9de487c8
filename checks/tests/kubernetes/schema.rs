//! As much of OpenAPI as CustomResourceDefinitions use. A field that a schema does not know is an error, as it is for
//! `kubectl apply`; the cluster itself would drop it.

use regex::RegexBuilder;
use serde_json::Value;

/// What is wrong with `value`, each with its place in the file.
pub fn errors(schema: &Value, value: &Value) -> Vec<String> {
    let mut errors = Vec::new();
    check(schema, value, "", &mut errors);
    errors
}

fn check(schema: &Value, value: &Value, place: &str, errors: &mut Vec<String>) {
    let mut expect = |holds: bool, what: &dyn Fn() -> String| {
        if !holds {
            errors.push(format!("{place}: {value} {}", what()));
        }
    };
    if let Some(kind) = schema["type"].as_str() {
        expect(is_of(kind, value), &|| format!("is no {kind}"));
    }
    if let Some(allowed) = schema["enum"].as_array() {
        expect(allowed.contains(value), &|| {
            format!("is none of {allowed:?}")
        });
    }
    if let Some(kinds) = schema["anyOf"].as_array() {
        let mut kinds = kinds.iter().filter_map(|kind| kind["type"].as_str());
        expect(kinds.any(|kind| is_of(kind, value)), &|| {
            "is of no such type".to_owned()
        });
    }
    if let (Some(pattern), Some(text)) = (schema["pattern"].as_str(), value.as_str()) {
        let pattern = RegexBuilder::new(pattern).unicode(false).build();
        let pattern = pattern.expect("the schema's patterns can be read");
        expect(pattern.is_match(text), &|| {
            format!("does not match {pattern}")
        });
    }
    let size = value
        .as_array()
        .map(Vec::len)
        .or(value.as_str().map(str::len));
    let least = schema["minItems"].as_u64().or(schema["minLength"].as_u64());
    if let (Some(size), Some(least)) = (size, least) {
        expect(size as u64 >= least, &|| format!("is shorter than {least}"));
    }
    if let Some(number) = value.as_f64() {
        let least = schema["minimum"].as_f64().unwrap_or(f64::MIN);
        let most = schema["maximum"].as_f64().unwrap_or(f64::MAX);
        expect((least..=most).contains(&number), &|| {
            format!("is not within {least} and {most}")
        });
    }
    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
        check(&schema["items"], item, &format!("{place}/{at}"), errors);
    }
    check_fields(schema, value, place, errors);
}

fn check_fields(schema: &Value, value: &Value, place: &str, errors: &mut Vec<String>) {
    let Some(fields) = value.as_object() else {
        return;
    };
    for name in schema["required"].as_array().into_iter().flatten() {
        if !fields.contains_key(name.as_str().unwrap_or_default()) {
            errors.push(format!("{place}: {name} is missing"));
        }
    }
    // `metadata` is Kubernetes's own, and nested routes are checked one by one.
    if schema["x-kubernetes-preserve-unknown-fields"] == true || place == "/metadata" {
        return;
    }
    for (name, value) in fields {
        let place = format!("{place}/{name}");
        let known = schema["properties"]
            .get(name)
            .or(schema.get("additionalProperties"));
        match known {
            Some(schema) => check(schema, value, &place, errors),
            None => errors.push(format!("{place}: no such field")),
        }
    }
}

fn is_of(kind: &str, value: &Value) -> bool {
    match kind {
        "array" => value.is_array(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64(),
        "object" => value.is_object(),
        "string" => value.is_string(),
        _ => false,
    }
}
