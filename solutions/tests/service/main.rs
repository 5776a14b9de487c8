//! The ready-made parts of the service, over HTTP, with the embedded database.

mod edge;
mod running;

use std::process::Output;

use running::{Service, command};
use serde_json::{Value, json};

#[test]
fn readings_are_stored_and_read_newest_first() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path(), "");
    for value in [20.5, 21.0] {
        let (status, stored) = service.post(
            "application/json",
            &json!({ "sensor": "부엌", "value": value }).to_string(),
        );
        assert_eq!(
            (status, &stored["sensor"], &stored["value"]),
            (201, &json!("부엌"), &json!(value))
        );
        assert!(
            stored["recorded_at_ms"].as_i64() > Some(1_700_000_000_000),
            "{stored}"
        );
    }
    let (status, readings) = service.get("/readings/%EB%B6%80%EC%97%8C");
    let values: Vec<&Value> = readings
        .as_array()
        .unwrap()
        .iter()
        .map(|reading| &reading["value"])
        .collect();
    assert_eq!((status, values), (200, vec![&json!(21.0), &json!(20.5)]));
    assert!(folder.path().join("readings.sqlite3").is_file());
}

#[test]
fn only_the_latest_hundred_are_shown() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path(), "sqlite://other.sqlite3");
    for value in 0..101 {
        let (status, _) = service.post(
            "application/json",
            &json!({ "sensor": "attic", "value": value }).to_string(),
        );
        assert_eq!(status, 201);
    }
    let (_, readings) = service.get("/readings/attic");
    let readings = readings.as_array().unwrap();
    assert_eq!((readings.len(), &readings[99]["value"]), (100, &json!(1.0)));
}

#[test]
fn what_was_stored_outlives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let reading = json!({ "sensor": "cellar", "value": 12.0 }).to_string();
    assert_eq!(
        Service::start(folder.path(), "")
            .post("application/json", &reading)
            .0,
        201
    );
    assert_eq!(
        Service::start(folder.path(), "").get("/readings/cellar").0,
        200
    );
}

#[test]
fn a_bad_body_is_400_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path(), "");
    let bad = [
        ("application/json", "{", "EOF"),
        ("application/json", r#"{"sensor":"attic"}"#, "value"),
        (
            "application/json",
            r#"{"sensor":"attic","value":"warm"}"#,
            "f64",
        ),
        (
            "application/json",
            r#"{"sensor":"","value":1}"#,
            "1 to 100 characters",
        ),
        ("application/json", r#"{"sensor":"a/b","value":1}"#, "slash"),
        (
            "text/plain",
            r#"{"sensor":"attic","value":1}"#,
            "application/json",
        ),
    ];
    for (content_type, body, reason) in bad {
        let (status, answer) = service.post(content_type, body);
        let error = answer["error"].as_str().unwrap_or_default();
        assert!(
            status == 400 && error.contains(reason),
            "{body}: {status} {answer}"
        );
    }
}

#[test]
fn an_unknown_sensor_is_404() {
    let folder = tempfile::tempdir().unwrap();
    let (status, answer) = Service::start(folder.path(), "").get("/readings/nobody");
    assert_eq!(
        (status, answer),
        (404, json!({ "error": "no reading of this sensor yet" }))
    );
}

#[test]
fn without_its_database_the_service_starts_and_readings_are_503() {
    let folder = tempfile::tempdir().unwrap();
    // Port 1 of this machine: nobody listens there.
    let service = Service::start(folder.path(), "postgres://me:secret@127.0.0.1:1/workshop");
    let down = (503, json!({ "error": "the database is down" }));
    assert_eq!(service.get("/health").0, 200);
    assert_eq!(service.get("/readings/attic"), down);
    assert_eq!(
        service.post("application/json", r#"{"sensor":"attic","value":1}"#),
        down
    );
}

#[test]
fn a_setting_that_cannot_be_used_ends_the_start_with_one_line_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let taken = taken.local_addr().unwrap().port().to_string();
    let bad = [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("PORT", taken.as_str()),
        ("HOST", "192.0.2.1"),
        ("HOST", "no such host"),
        ("DATABASE_URL", "mysql://me:hunter2@there/db"),
        ("DATABASE_URL", "postgres://me:hunter2@there:port/db"),
        ("DATABASE_URL", "no-such-folder/readings.sqlite3"),
    ];
    for (name, value) in bad {
        let Output { status, stdout, .. } =
            command(folder.path()).env(name, value).output().unwrap();
        let said = String::from_utf8_lossy(&stdout);
        assert_eq!(status.code(), Some(2), "{name}={value}: {said}");
        assert!(
            said.lines().count() == 1 && said.contains(name),
            "{name}={value}: {said}"
        );
        assert!(
            !said.contains("hunter2"),
            "{name}={value} shows the password: {said}"
        );
    }
}
