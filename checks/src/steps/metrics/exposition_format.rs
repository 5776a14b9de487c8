//! What `/metrics` looks like, and what is there before anything is counted.

use std::time::{SystemTime, UNIX_EPOCH};

use super::{MetricsProbe, PATH, listed, row, shown};
use crate::{
    check::Failure,
    harness::{
        http::{Answer, status_line},
        text::printable,
    },
    steps::question::Question,
    tools::prometheus::exposition::{Sample, Scrape},
};

/// What a process of ours takes at least and at most, in bytes, and how long ago it may have started, in seconds.
const LEAST_MEMORY: f64 = 1e6;
const MOST_MEMORY: f64 = 1e11;
const STARTED_WITHIN: f64 = 600.0;

pub fn check_all(probe: &MetricsProbe, answer: &Answer) {
    let results = probe.results;
    results.check(row::SAYS_TEXT, || {
        let question = probe.question(PATH);
        says_text(&question, answer)?;
        question.expect_by_each_client(|question, answer| {
            let answer = question.status(200, answer)?;
            says_text(question, &answer)
        })
    });
    let scrape = results.check(row::KEEPS_THE_FORMAT, || probe.read(&answer.body));
    let Some(scrape) = scrape else {
        return;
    };
    results.check(row::EXPLAINS_ITSELF, || explains_itself(probe, &scrape));
    if cfg!(target_os = "linux") {
        results.check(row::TELLS_ABOUT_THE_PROCESS, || {
            tells_about_the_process(probe, &scrape)
        });
    } else {
        results.blocked(
            row::TELLS_ABOUT_THE_PROCESS,
            "only Linux shows a process its own figures (/proc): cargo verify tells there",
        );
    }
    results.check(row::TELLS_THE_VERSION, || tells_the_version(probe, &scrape));
}

/// Prometheus 3 does not read an answer without it.
fn says_text(question: &Question, answer: &Answer) -> Result<(), Failure> {
    let given = answer.header("content-type").unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("text/plain") {
        return Ok(());
    }
    let beginning: Vec<&str> = answer.body.lines().take(3).collect();
    let declared = if given.is_empty() {
        "(no content-type)".to_owned()
    } else {
        format!("content-type: {}", shown(&given))
    };
    Err(question
        .failure(
            "content-type: text/plain; version=0.0.4".to_owned(),
            format!(
                "{}\n{declared}\n{}",
                status_line(answer.status),
                listed(beginning.into_iter().map(str::to_owned))
            ),
        )
        .perhaps(match essence {
            "" => {
                "Prometheus 2 guessed what it is; Prometheus 3 reads nothing without it".to_owned()
            }
            "application/json" => {
                "Prometheus collects text, one number a line, not JSON".to_owned()
            }
            // The crate writes the text format only, whatever the caller would like.
            "application/openmetrics-text" => {
                "OpenMetrics is another format: this text is declared as what it is not".to_owned()
            }
            _ => format!("Prometheus does not take {essence:?} for its text format"),
        }))
}

fn explains_itself(probe: &MetricsProbe, scrape: &Scrape) -> Result<(), Failure> {
    let lacks = |sample: &&Sample| {
        let explained = scrape.families.iter().any(|(name, family)| {
            // OpenMetrics declares a counter without its `_total`.
            let own = sample.is_of(name) || sample.name.strip_suffix("_total") == Some(name);
            own && family.kind.is_some()
                && family.help.as_ref().is_some_and(|help| !help.is_empty())
        });
        !explained
    };
    let Some(first) = scrape.samples.iter().find(lacks) else {
        return Ok(());
    };
    Err(Failure::new(
        format!("# HELP and # TYPE above the samples of {}", first.name),
        format!(
            "{}\nand nothing that explains it",
            shown(&first.to_string())
        ),
        probe.how("", " | promtool check metrics"),
    )
    .perhaps("lines written by hand: an encoder of the prometheus crate writes both"))
}

fn tells_about_the_process(probe: &MetricsProbe, scrape: &Scrape) -> Result<(), Failure> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_or(0.0, |now| now.as_secs_f64());
    let wanted = [
        (
            "process_resident_memory_bytes",
            LEAST_MEMORY..MOST_MEMORY,
            "bytes",
        ),
        (
            "process_start_time_seconds",
            now - STARTED_WITHIN..now + STARTED_WITHIN,
            "seconds since 1970",
        ),
    ];
    for (name, plausible, unit) in wanted {
        let found = scrape.of(name).next();
        if found.is_some_and(|sample| plausible.contains(&sample.value)) {
            continue;
        }
        return Err(Failure::new(
            format!("{name}, in {unit}"),
            found.map_or_else(|| names(scrape), |sample| sample.to_string()),
            probe.how_of("", "process"),
        )
        .perhaps(match found {
            None => {
                "the default registry of the prometheus crate has them; another has not".to_owned()
            }
            Some(_) => format!("that is no number of {unit}"),
        }));
    }
    Ok(())
}

fn tells_the_version(probe: &MetricsProbe, scrape: &Scrape) -> Result<(), Failure> {
    let build = scrape.of("build_info").next();
    if build.is_some_and(|build| build.value == 1.0 && !build.label("version").is_empty()) {
        return Ok(());
    }
    Err(Failure::new(
        "build_info{version=\"…\"} 1",
        build.map_or_else(|| names(scrape), |build| shown(&build.to_string())),
        probe.how_of("", "build"),
    )
    .perhaps("solutions::scrape has it ready made, with all else that is registered"))
}

/// Which metrics there are: for a message.
pub fn names(scrape: &Scrape) -> String {
    let mut names: Vec<&str> = scrape.families.keys().map(String::as_str).collect();
    if names.is_empty() {
        names = scrape
            .samples
            .iter()
            .map(|sample| sample.name.as_str())
            .collect();
        names.dedup();
    }
    if names.is_empty() {
        "there is no metric at all".to_owned()
    } else {
        format!("only these metrics: {}", printable(&names.join(", ")))
    }
}
