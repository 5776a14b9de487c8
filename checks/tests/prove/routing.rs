//! The route of an alert according to our reader, and according to amtool, which uses Alertmanager's own code. They agree about
//! every configuration of step 7, whatever the labels.

use std::{process::Command, time::Duration};

use anyhow::{Context, anyhow, ensure};
use checks::{
    harness::{
        random::random_number,
        run,
        scratch::{File, folder_of},
    },
    tools::alertmanager::{config::Config, matcher::Labels},
};

use crate::common::attempts::{starts_and_solutions, wrong_and_right};

/// The total number of label sets, drawn each time. Each takes a process of amtool, which takes 10 ms and more.
const LABEL_SETS: usize = 2_000;

/// The time limit for one run of amtool.
const LIMIT: Duration = Duration::from_secs(30);

const STEP: &str = "on-call";

/// A more deeply nested configuration than any learner writes.
const NESTED: &str = r#"
route:
  receiver: top
  routes:
    - matchers: ['severity =~ "page|critical"', team!=data]
      continue: true
      routes:
        - { matchers: ['{job!="", instance=~"10[.].+"}'], receiver: by-address }
        - { match_re: { team: 'a|b.*' }, receiver: by-team, continue: true }
        - { match: { team: "" }, receiver: without-team }
    - { matchers: ['"severity"="page"'], receiver: second, continue: true }
    - { matchers: ['alertname!~"Database.*|"'], receiver: third }
    - matchers: ['invented="a \"quote\", a comma and {a brace}"']
receivers: [{ name: top }, { name: by-address }, { name: by-team }, { name: without-team }, { name: second }, { name: third }]
"#;

/// Names and values of labels: those in the configurations, and similar ones.
const NAMES: [&str; 6] = [
    "alertname",
    "instance",
    "invented",
    "job",
    "severity",
    "team",
];
const VALUES: [&str; 24] = [
    "",
    "10.0.0.7:8000",
    "DatabaseDown",
    "DatabaseDown\n",
    "DatabaseDownAgain",
    "HighErrorRatio",
    "MemoryHigh",
    "Page",
    "TargetGone",
    "a",
    "a \"quote\", a comma and {a brace}",
    "a\\b",
    "a|b.*",
    "app",
    "apps",
    "bc",
    "critical",
    "data",
    "page",
    "page|critical",
    "pale",
    "ticket",
    "warning",
    "데이터베이스",
];

pub fn amtool_agrees() -> anyhow::Result<()> {
    let configs = configs()?;
    ensure!(configs.len() > 40, "only {} configurations", configs.len());
    let files: Vec<(String, &str)> = (0..)
        .map(|number| format!("{number}.yml"))
        .zip(configs.iter().map(|(_, text)| text.as_str()))
        .collect();
    let files: Vec<File> = files.iter().map(|(file, text)| (&**file, *text)).collect();
    let (folder, _guard) = folder_of(&files)?;
    let one = |number: usize| {
        let which = number % configs.len();
        let (name, text) = &configs[which];
        let labels = labels();
        let ours = ours(text, &labels).with_context(|| name.clone())?;
        let file = folder.join(files[which].0);
        let theirs = theirs(&file.to_string_lossy(), &labels).with_context(|| name.clone())?;
        ensure!(
            ours == theirs,
            "{name}: {labels:?} goes to {ours} by our reading, to {theirs} by amtool's"
        );
        Ok(())
    };
    // One after the other: the attempts, which run at the same time, have time limits.
    (0..LABEL_SETS).try_for_each(one)
}

const FILE: &str = "alertmanager.yml";

/// Names and texts, except those that amtool itself rejects.
fn configs() -> anyhow::Result<Vec<(String, String)>> {
    let attempts = wrong_and_right()?
        .into_iter()
        .filter_map(|(_, attempt)| attempt.ok());
    let mut configs = vec![("nested".to_owned(), NESTED.to_owned())];
    for attempt in attempts.chain(starts_and_solutions()) {
        if attempt.step.name != STEP {
            continue;
        }
        let Some(text) = attempt.config()? else {
            continue;
        };
        let (folder, _guard) = folder_of(&[(FILE, &text)])?;
        if theirs(&folder.join(FILE).to_string_lossy(), &Labels::new()).is_ok() {
            configs.push((attempt.name, text));
        }
    }
    Ok(configs)
}

fn labels() -> Labels {
    let drawn = |from: &[&str]| from[random_number(0..from.len() as u64) as usize].to_owned();
    (0..random_number(0..5))
        .map(|_| (drawn(&NAMES), drawn(&VALUES)))
        .collect()
}

/// The receivers, in amtool's format.
fn ours(config: &str, labels: &Labels) -> anyhow::Result<String> {
    let config = Config::read(config).map_err(|why| anyhow!(why))?;
    let matched = config.matched_routes(labels);
    let receivers: Vec<&str> = matched
        .iter()
        .map(|route| route.receiver.name.as_str())
        .collect();
    Ok(receivers.join(","))
}

fn theirs(file: &str, labels: &Labels) -> anyhow::Result<String> {
    let mut amtool = Command::new("amtool");
    amtool
        .args(["config", "routes", "test"])
        .arg(format!("--config.file={file}"))
        .args(labels.iter().map(|(name, value)| {
            let value = value.replace('\\', "\\\\").replace('"', "\\\"");
            format!("{name}=\"{}\"", value.replace('\n', "\\n"))
        }));
    let output = run::run(amtool, LIMIT)?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{errors}");
    Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
}
