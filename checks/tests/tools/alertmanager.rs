//! A real Alertmanager, from the PATH or its image, notifies our sinks. Where there is none, the test is ignored, and the reason
//! is
//! printed.

use std::time::Duration;

use anyhow::{Context, ensure};
use checks::{
    harness::sinks::{MailSink, SlackSink},
    tools::{
        alertmanager::{Alertmanager, alertmanager, amtool, check_config},
        container::ALERTMANAGER,
        source::Source,
    },
};
use serde_json::json;

use crate::common::suite::Suite;

/// The time limit for a message to arrive. It takes milliseconds.
const LIMIT: Duration = Duration::from_secs(20);

pub fn add(suite: &mut Suite) {
    let path = |source: Result<Source, String>| {
        source.and_then(|source| match source {
            Source::Path(_) => Ok(source),
            Source::Image => Err("Alertmanager is not on the PATH".to_owned()),
        })
    };
    let image = || Source::image("its", &ALERTMANAGER);
    for (name, source, test) in [
        (
            "alertmanager_from_the_path",
            path(alertmanager()),
            tells_both as Test,
        ),
        ("alertmanager_from_its_image", image(), tells_both),
        ("amtool_from_the_path", path(amtool()), is_read),
        ("amtool_from_its_image", image(), is_read),
    ] {
        let lacks = source.as_ref().err().cloned();
        suite.add(name, lacks.as_deref(), move || {
            test(source.as_ref().map_err(|why| anyhow::anyhow!("{why}"))?)
        });
    }
}

type Test = fn(&Source) -> anyhow::Result<()>;

fn tells_both(source: &Source) -> anyhow::Result<()> {
    let (slack, mail) = (SlackSink::open()?, MailSink::open()?);
    let host = source.host();
    let config = json!({
        "global": {
            "slack_api_url": format!("http://{host}:{}/hook", slack.address().port()),
            "smtp_smarthost": format!("{host}:{}", mail.address().port()),
            "smtp_from": "alerts@example.com",
            "smtp_require_tls": false,
        },
        "route": { "receiver": "both", "group_wait": "0s" },
        "receivers": [{
            "name": "both",
            "slack_configs": [{ "channel": "#ops", "title": "{{ .CommonLabels.alertname }}" }],
            "email_configs": [{ "to": "me@example.com", "headers": { "Subject": "한글 {{ .CommonLabels.alertname }}" } }],
        }],
    });
    let alertmanager = Alertmanager::start(source, "alertmanager.yml", &config.to_string(), &[])?;
    alertmanager.post(&[json!({ "labels": { "alertname": "Test" } })])?;

    let message = slack.inbox.wait_for(LIMIT, |_| true).context("no Slack")?;
    assert_eq!((message.title(), message.channel()), ("Test", "#ops"));
    let message = mail.inbox.wait_for(LIMIT, |_| true).context("no mail")?;
    assert_eq!(message.subject, "한글 Test");
    assert_eq!(message.to, ["me@example.com"]);
    assert!(
        message.body.contains("alertname = Test"),
        "{}",
        message.body
    );
    assert_eq!(alertmanager.groups()?.len(), 1);
    Ok(())
}

fn is_read(source: &Source) -> anyhow::Result<()> {
    let good = check_config(
        source,
        "{ route: { receiver: a }, receivers: [{ name: a }] }",
        &[],
    )?;
    ensure!(good.status.success(), "{good:?}");
    let bad = check_config(
        source,
        "{ route: { receiver: b }, receivers: [{ name: a }] }",
        &[],
    )?;
    ensure!(!bad.status.success(), "{bad:?}");
    let said = String::from_utf8_lossy(&[bad.stdout, bad.stderr].concat()).into_owned();
    ensure!(said.contains("undefined receiver"), "{said}");
    Ok(())
}
