//! `solutions/kubernetes`, without a cluster: what is generated is up to date, the operator's schemas know every field, and the
//! figures are those of `Dockerfile` and `compose.yaml`. `cargo prove kubernetes` asks Kubernetes's own schemas, too.

#[path = "../common/for_examples.rs"]
mod common;
mod generated;
mod schema;

use std::fs;

use checks::tools::alertmanager::hours::TimeIntervals;
use jiff::{Timestamp, ToSpan};
use regex::Regex;
use serde_json::{Value, json};

fn text(path: &str) -> String {
    let path = common::workspace().join("solutions").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read(path: &str) -> Value {
    serde_saphyr::from_str(&text(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn of_kubernetes(name: &str) -> Value {
    read(&format!("kubernetes/{name}"))
}

#[test]
fn what_is_generated_is_up_to_date() {
    let files = generated::files(&common::workspace().join("solutions")).expect("it translates");
    for (name, wanted) in files {
        let found = text(&format!("kubernetes/{name}"));
        let command = generated::COMMAND;
        assert!(
            found == wanted,
            "solutions/kubernetes/{name} is out of date: {command}"
        );
    }
}

#[test]
fn what_has_no_translation_is_an_error() {
    let routes = text("alertmanager.yml");
    for (said, instead) in [
        ("Asia/Seoul", "Europe/Berlin"), // summer time
        ("'09:00'", "'08:00'"),          // the day before, in UTC
        ("time_intervals:\n", "templates: []\ntime_intervals:\n"),
        ("slack_configs:", "webhook_configs:"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let other = routes.replacen(said, instead, 1);
        fs::write(folder.path().join("alertmanager.yml"), other).expect("it can be written");
        fs::write(folder.path().join("alerts.yml"), "").expect("it can be written");
        assert!(generated::files(folder.path()).is_err(), "{instead}");
    }
}

#[test]
fn the_operator_knows_every_field() {
    let operator: Value = serde_json::from_str(include_str!("operator.json")).expect("JSON");
    for name in [
        "alertmanager-config.yaml",
        "prometheus-rule.yaml",
        "service-monitor.yaml",
    ] {
        let object = of_kubernetes(name);
        let kind = |field: &str| object[field].as_str().unwrap_or_default().to_owned();
        let kind = format!("{} {}", kind("apiVersion"), kind("kind"));
        let schema = &operator["schemas"][&kind];
        assert!(schema.is_object(), "{name}: no schema of {kind}");
        let errors = schema::errors(schema, &object);
        assert!(errors.is_empty(), "{name}: {errors:#?}");
        // Its schema does not look into nested routes.
        let route = &schema["properties"]["spec"]["properties"]["route"];
        for child in object["spec"]["route"]["routes"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let errors = schema::errors(route, child);
            assert!(errors.is_empty(), "{name}: {errors:#?}");
        }
    }
}

#[test]
fn a_field_that_the_operator_does_not_know_is_found() {
    let operator: Value = serde_json::from_str(include_str!("operator.json")).expect("JSON");
    let schema = &operator["schemas"]["monitoring.coreos.com/v1 PrometheusRule"];
    let rules = |rule: Value| json!({ "spec": { "groups": [{ "name": "app", "rules": [rule] }] } });
    assert!(schema::errors(schema, &rules(json!({ "expr": "up", "for": "2m" }))).is_empty());
    for rule in [
        json!({ "expr": "up", "fro": "2m" }),
        json!({ "expr": "up", "for": "2 minutes" }),
        json!({ "expr": ["up"] }),
        json!({ "alert": "Up" }),
    ] {
        let found = schema::errors(schema, &rules(rule.clone()));
        assert_eq!(found.len(), 1, "{rule}: {found:?}");
    }
}

/// An AlertmanagerConfig says its hours in UTC.
#[test]
fn the_hours_are_the_same() {
    let theirs = &of_kubernetes("alertmanager-config.yaml")["spec"]["muteTimeIntervals"][0];
    let names = [
        ("timeIntervals", "time_intervals"),
        ("startTime", "start_time"),
        ("endTime", "end_time"),
    ];
    let theirs = names.iter().fold(theirs.to_string(), |text, (from, to)| {
        text.replace(from, to)
    });
    let ours = read("alertmanager.yml")["time_intervals"][0].to_string();
    let [ours, theirs] = [ours, theirs]
        .map(|text| serde_saphyr::from_str::<TimeIntervals>(&text).expect("intervals"));
    let first: Timestamp = "2026-12-25T00:00:00Z".parse().expect("an instant");
    let within = |intervals: &TimeIntervals| -> Vec<bool> {
        let minutes = (0..10 * 24 * 60).map(|minute| first + i64::from(minute).minutes());
        minutes.map(|instant| intervals.contain(instant)).collect()
    };
    assert!(within(&ours) == within(&theirs), "{ours:?}\n{theirs:?}");
}

#[test]
fn the_figures_are_those_of_the_container() {
    let deployment = of_kubernetes("deployment.yaml");
    let pod = &deployment["spec"]["template"]["spec"];
    let container = &pod["containers"][0];
    let dockerfile = text("Dockerfile");
    let said = |pattern: &str| -> i64 {
        let found = Regex::new(pattern)
            .ok()
            .and_then(|it| it.captures(&dockerfile)?[1].parse().ok());
        found.unwrap_or_else(|| panic!("the Dockerfile has no {pattern}"))
    };
    let liveness = &container["livenessProbe"];
    assert_eq!(liveness["periodSeconds"], said(r"--interval=(\d+)s"));
    assert_eq!(liveness["timeoutSeconds"], said(r"--timeout=(\d+)s"));
    assert_eq!(liveness["failureThreshold"], said(r"--retries=(\d+)"));
    let startup = &container["startupProbe"];
    assert_eq!(startup["periodSeconds"], said(r"--start-interval=(\d+)s"));
    assert_eq!(startup["failureThreshold"], said(r"--start-period=(\d+)s"));
    assert_eq!(pod["securityContext"]["runAsUser"], said(r"USER (\d+)"));
    assert_eq!(
        container["ports"][0]["containerPort"],
        said(r"EXPOSE (\d+)")
    );
    // Whoever is restarted, or sent nothing, for the database's sake is gone together with it.
    for probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
        assert_eq!(container[probe]["httpGet"]["path"], "/health", "{probe}");
    }
    let app = &read("../compose.yaml")["services"]["app"];
    let memory = &container["resources"]["limits"]["memory"];
    assert_eq!(app["deploy"]["resources"]["limits"]["memory"], "128M"); // Docker's M is a Mi
    assert_eq!(memory, "128Mi");
    // The service stops within Compose's 15 s; what preStop takes counts, too.
    let pause = container["lifecycle"]["preStop"]["sleep"]["seconds"]
        .as_i64()
        .unwrap_or_default();
    assert_eq!(app["stop_grace_period"], "15s");
    assert_eq!(pod["terminationGracePeriodSeconds"], pause + 15);
}

#[test]
fn all_is_in_one_namespace_under_one_name() {
    let kustomization = of_kubernetes("kustomization.yaml");
    assert_eq!(kustomization["namespace"], generated::NAMESPACE);
    let mut listed: Vec<&str> = kustomization["resources"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    listed.sort_unstable();
    let folder = common::workspace().join("solutions/kubernetes");
    let entries = fs::read_dir(folder).expect("the folder").flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut there: Vec<String> = names.filter(|name| name != "kustomization.yaml").collect();
    there.sort_unstable();
    assert_eq!(listed, there);
    // The operator makes `job` of the Service's name, and the rules ask for job="app".
    assert_eq!(of_kubernetes("service.yaml")["metadata"]["name"], "app");
    for group in of_kubernetes("prometheus-rule.yaml")["spec"]["groups"]
        .as_array()
        .into_iter()
        .flatten()
    {
        assert_eq!(group["labels"]["namespace"], generated::NAMESPACE);
    }
}
