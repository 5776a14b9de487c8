//! What `/metrics` says: Prometheus' text format, read as strictly as Prometheus and promtool read it.
//!
//! By hand: a parser that passes over a line with a `}` in it, as in `path="/readings/{sensor}"`, would not see what this course
//! is about.

mod line;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use line::Line;

/// What a sample is about: names and values.
pub type Labels = BTreeMap<String, String>;

/// One answer of `/metrics`.
#[derive(Debug, Default)]
pub struct Scrape {
    /// By name, whatever was said about it in comments.
    pub families: BTreeMap<String, Family>,
    pub samples: Vec<Sample>,
}

/// What the comments say about a metric.
#[derive(Debug, Default)]
pub struct Family {
    pub help: Option<String>,
    /// `counter`, `gauge`, `histogram`, `summary` or `untyped`.
    pub kind: Option<String>,
}

/// One line with a number.
#[derive(Clone, Debug)]
pub struct Sample {
    pub name: String,
    pub labels: Labels,
    pub value: f64,
}

/// The first line that cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The first line is 1.
    pub number: usize,
    pub line: String,
    pub why: String,
}

/// Reads a whole answer.
///
/// # Errors
/// The first line that Prometheus or promtool would refuse.
pub fn parse(text: &str) -> Result<Scrape, Malformed> {
    let mut scrape = Scrape::default();
    let mut seen = BTreeSet::new();
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let malformed = |why: String| Malformed {
            number: index + 1,
            line: line.trim_end().to_owned(),
            why,
        };
        if !line.ends_with('\n') {
            return Err(malformed("the last line has no line break".to_owned()));
        }
        match line::read(line.trim()).map_err(malformed)? {
            Line::Nothing => {}
            Line::Help(name, help) => {
                let family = scrape.families.entry(name.to_owned()).or_default();
                if family.help.replace(help.to_owned()).is_some() {
                    return Err(malformed(format!("a second HELP for {name}")));
                }
            }
            Line::Type(name, kind) => {
                if scrape.samples.iter().any(|sample| sample.is_of(name)) {
                    return Err(malformed(format!(
                        "the TYPE of {name} comes after its samples"
                    )));
                }
                let family = scrape.families.entry(name.to_owned()).or_default();
                if family.kind.replace(kind.to_owned()).is_some() {
                    return Err(malformed(format!("a second TYPE for {name}")));
                }
            }
            Line::Sample(sample) => {
                if !seen.insert(sample.series()) {
                    return Err(malformed("the same series is there twice".to_owned()));
                }
                scrape.samples.push(sample);
            }
        }
    }
    Ok(scrape)
}

impl Scrape {
    /// What `name` was declared as.
    pub fn kind(&self, name: &str) -> Option<&str> {
        self.families.get(name)?.kind.as_deref()
    }

    /// Every sample of exactly this name.
    pub fn of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Sample> {
        self.samples
            .iter()
            .filter(move |sample| sample.name == name)
    }

    /// The sum of all samples of this name that have these labels, among others.
    pub fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        self.of(name)
            .filter(|sample| sample.has(labels))
            .map(|sample| sample.value)
            .sum()
    }
}

impl Sample {
    /// The value of a label; empty where there is none, as Prometheus has it.
    pub fn label(&self, name: &str) -> &str {
        self.labels.get(name).map_or("", String::as_str)
    }

    /// Whether it has these labels, among others.
    pub fn has(&self, labels: &[(&str, &str)]) -> bool {
        labels
            .iter()
            .all(|(name, value)| self.label(name) == *value)
    }

    /// Whether it belongs to the metric `name`: by its own name, or as a part of a histogram or summary.
    pub fn is_of(&self, name: &str) -> bool {
        let rest = self.name.strip_prefix(name);
        rest.is_some_and(|rest| ["", "_bucket", "_sum", "_count"].contains(&rest))
    }

    /// What makes it a series of its own: `http_requests_total{method="GET"}`.
    pub fn series(&self) -> String {
        let labels: Vec<String> = self
            .labels
            .iter()
            .map(|(name, value)| format!("{name}={value:?}"))
            .collect();
        match labels.is_empty() {
            true => self.name.clone(),
            false => format!("{}{{{}}}", self.name, labels.join(",")),
        }
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.series(), self.value)
    }
}
