//! Routes without their hours, beside those with them: what a message says can then be seen at any hour.

use anyhow::Context;
use serde_json::{Value, json};

/// The label, and its value, of alerts that take the routes without hours.
pub const ANY_HOUR: (&str, &str) = ("rehearsal", "any-hour");

/// Adds such routes to a copy of a configuration.
///
/// # Errors
/// When the copy has no routes.
pub fn with_any_hour(copy: &str) -> anyhow::Result<String> {
    let mut copy: Value = serde_json::from_str(copy)?;
    let route = copy.get_mut("route").context("there is no route")?;
    let original = route.take();
    let mut open = original.clone();
    without_hours(&mut open);
    open["matchers"] = json!([format!("{}={:?}", ANY_HOUR.0, ANY_HOUR.1)]);
    // Times and grouping are inherited.
    *route = original.clone();
    route["routes"] = json!([open, original]);
    Ok(copy.to_string())
}

fn without_hours(route: &mut Value) {
    if let Some(fields) = route.as_object_mut() {
        fields.remove("active_time_intervals");
        fields.remove("mute_time_intervals");
    }
    let routes = route.get_mut("routes").and_then(Value::as_array_mut);
    routes.into_iter().flatten().for_each(without_hours);
}
