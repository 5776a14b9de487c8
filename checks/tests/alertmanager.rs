//! A real Alertmanager, from wherever it can be had, tells our sinks. Where it cannot be had, the test is ignored, and says so.

use std::time::Duration;

use anyhow::{Context, ensure};
use checks::{
    alertmanager::{Alertmanager, alertmanager, amtool, check_config},
    observer::{Source, container::ALERTMANAGER},
    sinks::{MailSink, SlackSink},
};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::json;

/// How long a message may be under way. It takes milliseconds.
const LIMIT: Duration = Duration::from_secs(20);

fn main() {
    let path = |source: Result<Source, String>| {
        source.and_then(|source| match source {
            Source::Path(_) => Ok(source),
            Source::Image => Err("it is not on the PATH".to_owned()),
        })
    };
    let image = Source::image("its", &ALERTMANAGER);
    let trials = vec![
        trial("from_the_path", path(alertmanager()), tells_both),
        trial("from_its_image", image.clone(), tells_both),
        trial("amtool_from_the_path", path(amtool()), is_read),
        trial("amtool_from_its_image", image, is_read),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit()
}

fn trial(
    name: &str,
    source: Result<Source, String>,
    test: fn(&Source) -> anyhow::Result<()>,
) -> Trial {
    let (ignored, why) = (source.is_err(), source.clone().err());
    if let Some(why) = why {
        eprintln!("{name} is ignored: {why}");
    }
    let run = move || {
        let source = source?;
        test(&source).map_err(|error| Failed::from(format!("{error:#}")))
    };
    Trial::test(name, run).with_ignored_flag(ignored)
}

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
    let alertmanager = Alertmanager::start(source, &config.to_string(), &[])?
        .map_err(|why| anyhow::anyhow!(why))?;
    alertmanager.post(&[json!({ "labels": { "alertname": "Test" } })])?;

    let told = slack.inbox.wait_for(LIMIT, |_| true).context("no Slack")?;
    assert_eq!((told.title(), told.channel()), ("Test", "#ops"));
    let told = mail.inbox.wait_for(LIMIT, |_| true).context("no mail")?;
    assert_eq!(told.subject, "한글 Test");
    assert_eq!(told.to, ["me@example.com"]);
    assert!(told.body.contains("alertname = Test"), "{}", told.body);
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
