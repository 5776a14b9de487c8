//! Our parser of the text format and Prometheus's own agree about what is valid.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use anyhow::{Context, ensure};
use checks::{
    harness::{launch::Launch, program::Program},
    tools::prometheus::exposition::parse,
};

use crate::common::{programs::Programs, suite::Suite};

/// Valid text.
const READABLE: [&str; 8] = [
    "",
    "# a comment\n\n#and another\n",
    "# HELP a_total Some text, with \\\\ and {}\n# TYPE a_total counter\na_total 1\n",
    "a{path=\"/readings/{sensor}\",b=\"}, \\\" \\\\ \\n =\",} 1\n",
    "a { b = \"c\" } 1.5e3 1795528841000\n",
    "a +Inf\nb -Inf\nc NaN\n",
    "# TYPE a histogram\na_bucket{le=\"1\"} 1\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n",
    "a{b=\"c\"} 1\na{b=\"d\"} 1\na 1\n",
];

/// Invalid text.
const UNREADABLE: [&str; 14] = [
    "a 1",
    "a\n",
    "a one\n",
    "1a 1\n",
    "a{b=c} 1\n",
    "a{b=\"c} 1\n",
    "a{b=\"c\" d=\"e\"} 1\n",
    "a{b=\"\\c\"} 1\n",
    "a{1b=\"c\"} 1\n",
    "a 1 now\n",
    "a 1 2 3\n",
    "# TYPE a number\na 1\n",
    "# TYPE a gauge\n# TYPE a gauge\na 1\n",
    "a 1\n# TYPE a gauge\n",
];

pub fn add(suite: &mut Suite) {
    let lacks = promtool("")
        .is_err()
        .then_some("there is no promtool on the PATH");
    suite.add("what_can_be_read_is_read", None, what_can_be_read_is_read);
    suite.add("promtool_agrees", lacks, promtool_agrees);
    suite.add(
        "promtool_says_nothing_about_the_finished_service",
        lacks,
        says_nothing,
    );
}

fn what_can_be_read_is_read() -> anyhow::Result<()> {
    for text in READABLE {
        ensure!(parse(text).is_ok(), "refused: {text:?}");
    }
    for text in UNREADABLE {
        ensure!(parse(text).is_err(), "read: {text:?}");
    }
    let scrape = parse(READABLE[3]).map_err(|malformed| anyhow::anyhow!("{malformed:?}"))?;
    let sample = &scrape.samples[0];
    ensure!(sample.label("path") == "/readings/{sensor}" && sample.label("b") == "}, \" \\ \n =");
    Ok(())
}

fn promtool_agrees() -> anyhow::Result<()> {
    let refuses = |text: &str| -> anyhow::Result<bool> {
        let said = promtool(text)?;
        Ok(String::from_utf8_lossy(&said.stderr).contains("error while linting: "))
    };
    for text in READABLE {
        ensure!(!refuses(text)?, "promtool cannot read {text:?}");
    }
    for text in UNREADABLE {
        ensure!(refuses(text)?, "promtool reads {text:?}");
    }
    Ok(())
}

fn says_nothing() -> anyhow::Result<()> {
    let programs = Programs::build([])?;
    let executable = programs.finished()?;
    let program = Program::start(&Launch::new(&executable))
        .map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
    for path in ["/health", "/health/db", "/readings/here", "/nothing"] {
        let _ = program.get(path);
    }
    let answer = program.get("/metrics").ok().context("no /metrics")?;
    let said = promtool(&answer.body)?;
    let words = [said.stdout, said.stderr].concat();
    ensure!(
        said.status.success() && words.is_empty(),
        "{}",
        String::from_utf8_lossy(&words)
    );
    Ok(())
}

fn promtool(text: &str) -> anyhow::Result<Output> {
    let mut promtool = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut stdin = promtool.stdin.take().context("it is piped")?;
    stdin.write_all(text.as_bytes())?;
    drop(stdin);
    Ok(promtool.wait_with_output()?)
}
