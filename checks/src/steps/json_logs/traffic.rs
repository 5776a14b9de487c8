//! Requests of every kind, by every kind of caller. What is expected of a request's event is expected under all of these
//! conditions.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    ids::HEADER,
    keep_alive,
    service::{RunningService, curl},
};
use crate::{
    check::Failure,
    harness::{clients, random::random_word},
};

/// What makes all requests to the readings fail, and what ends that.
const FAIL: &str = "/drill/errors?ratio=1";
const HEAL: &str = "/drill/errors?ratio=0";

/// The number of letters in a path that is longer than most: a line holds all of it.
const LONG: usize = 700;

/// How a reading is sent that has nothing in it.
const JSON: (&str, &str) = ("content-type", "application/json");
const EMPTY_READING: &str = " -H 'Content-Type: application/json' -d '{}'";

/// A request that was answered.
pub struct Sent {
    pub method: &'static str,
    pub path: String,
    /// What the line of its event contains, and that of no other event.
    pub mark: String,
    /// The commands with which a learner sends it.
    pub how: String,
    /// What makes it another request than a plain one of curl.
    pub difference: Option<String>,
    pub status: u16,
    /// The id in the answer.
    pub id: Option<String>,
    /// The length of the body that came back.
    pub length: usize,
    pub began: Timestamp,
    pub took: Duration,
}

/// The plain ones first, so that a difference between callers is one.
pub fn send(service: &RunningService) -> Result<Vec<Sent>, Failure> {
    let mut sent = plain(service)?;
    sent.extend(failing(service)?);
    sent.extend(of_all_methods(service)?);
    sent.extend(by_each_client(service)?);
    sent.extend(keep_alive::send(service)?);
    Ok(sent)
}

/// Sends a plain request to an address that no other request has.
pub fn one(
    service: &RunningService,
    method: &'static str,
    folder: &str,
    before: &str,
) -> Result<Sent, Failure> {
    let mark = random_word();
    let path = format!("{folder}{mark}");
    let how = format!("{before}{}", curl(method, &path, ""));
    to(service, method, path, mark, how, &[], "")
}

fn to(
    service: &RunningService,
    method: &'static str,
    path: String,
    mark: String,
    how: String,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Sent, Failure> {
    let began = Timestamp::now();
    let answer = service.ask(method, &path, headers, body)?;
    Ok(Sent {
        method,
        path,
        mark,
        how,
        difference: None,
        status: answer.status,
        id: answer.header(HEADER),
        length: answer.body.len(),
        began,
        took: answer.took,
    })
}

/// With a route and without, with a body and without, answered with 200, 204, 400 and 404.
fn plain(service: &RunningService) -> Result<Vec<Sent>, Failure> {
    let mark = random_word();
    let long = format!("/{mark}/{}", "x".repeat(LONG));
    let how = curl("GET", &long, "");
    let mut sent = vec![
        one(service, "GET", "/readings/", "")?,
        one(service, "GET", "/", "")?,
        one(service, "POST", "/", "")?,
        one(service, "HEAD", "/", "")?,
        to(service, "GET", long, mark, how, &[], "")?,
    ];
    for (path, more, headers, body) in [
        ("/drill/reset", "", vec![], ""),
        ("/drill/log", " -d one", vec![], "one"),
        ("/readings", EMPTY_READING, vec![JSON], "{}"),
    ] {
        let mark = format!("\"{path}\"");
        let how = curl("POST", path, more);
        sent.push(to(
            service,
            "POST",
            path.to_owned(),
            mark,
            how,
            &headers,
            body,
        )?);
    }
    Ok(sent)
}

/// While the readings fail with 500.
fn failing(service: &RunningService) -> Result<Vec<Sent>, Failure> {
    service.ask("POST", FAIL, &[], "")?;
    let before = format!("{}\n", curl("POST", FAIL, ""));
    let sent = ["GET", "HEAD", "DELETE"].map(|method| one(service, method, "/readings/", &before));
    service.ask("POST", HEAL, &[], "")?;
    sent.into_iter().collect()
}

/// One of them is invented, and looks like a number: it is a text all the same.
fn of_all_methods(service: &RunningService) -> Result<Vec<Sent>, Failure> {
    let methods = ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "42"];
    let with_a_route = methods.map(|method| one(service, method, "/readings/", ""));
    let without = methods.map(|method| one(service, method, "/", ""));
    with_a_route.into_iter().chain(without).collect()
}

fn by_each_client(service: &RunningService) -> Result<Vec<Sent>, Failure> {
    let mut sent = Vec::new();
    for client in clients::all() {
        for folder in ["/readings/", "/"] {
            let mark = random_word();
            let path = format!("{folder}{mark}");
            let how = client.command("GET", &path);
            let began = Timestamp::now();
            let answer = service.answered("GET", &how, || {
                service.program.ask_as(&client, "GET", &path)
            })?;
            sent.push(Sent {
                method: "GET",
                path,
                mark,
                how,
                difference: Some(client.curl.clone()),
                status: answer.status,
                id: answer.header(HEADER),
                length: answer.body.len(),
                began,
                took: answer.took,
            });
        }
    }
    Ok(sent)
}
