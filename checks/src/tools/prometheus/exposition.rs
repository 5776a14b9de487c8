//! Prometheus's text format, the content of `/metrics`, parsed as strictly as Prometheus and promtool parse it.
//!
//! Hand-written: a parser that skips a line with a `}` in a value, as in `path="/readings/{sensor}"`, would miss the subject of
//! this course.

mod line;

pub use line::labels;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use line::Line;

/// The labels of a sample: names and values.
pub type Labels = BTreeMap<String, String>;

/// One response of `/metrics`.
#[derive(Debug, Default)]
pub struct Scrape {
    /// What the comments say about each metric, by its name.
    pub families: BTreeMap<String, Family>,
    pub samples: Vec<Sample>,
}

/// The comments about a metric.
#[derive(Debug, Default)]
pub struct Family {
    pub help: Option<String>,
    /// `counter`, `gauge`, `histogram`, `summary` or `untyped`.
    pub kind: Option<String>,
}

/// One line with a value.
#[derive(Clone, Debug)]
pub struct Sample {
    pub name: String,
    pub labels: Labels,
    pub value: f64,
}

/// The first line that cannot be parsed.
#[derive(Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The line number, counted from 1.
    pub number: usize,
    pub line: String,
    pub why: String,
}

/// Parses a whole response.
///
/// # Errors
/// The first line that Prometheus or promtool would reject.
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

/// The samples of all lines that can be parsed, skipping the others.
pub fn readable(text: &str) -> Vec<Sample> {
    let lines = text.lines().map(|line| line::read(line.trim()));
    lines
        .filter_map(|line| match line {
            Ok(Line::Sample(sample)) => Some(sample),
            _ => None,
        })
        .collect()
}

impl Scrape {
    /// The type that `name` is declared with.
    pub fn kind(&self, name: &str) -> Option<&str> {
        self.families.get(name)?.kind.as_deref()
    }

    /// All samples with exactly this name.
    pub fn of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Sample> {
        self.samples
            .iter()
            .filter(move |sample| sample.name == name)
    }

    /// The sum of all samples with this name and these labels; others are allowed.
    pub fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        self.of(name)
            .filter(|sample| sample.has(labels))
            .map(|sample| sample.value)
            .sum()
    }
}

impl Sample {
    /// A label's value; empty if the label is missing, as in Prometheus.
    pub fn label(&self, name: &str) -> &str {
        self.labels.get(name).map_or("", String::as_str)
    }

    /// Whether it has these labels; others are allowed.
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

    /// The identity of its series: `http_requests_total{method="GET"}`.
    pub fn series(&self) -> String {
        let labels: Vec<String> = self
            .labels
            .iter()
            .map(|(name, value)| format!("{name}={value:?}"))
            .collect();
        if labels.is_empty() {
            self.name.clone()
        } else {
            format!("{}{{{}}}", self.name, labels.join(","))
        }
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.series(), self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn a_malformed_line_is_skipped_and_the_others_are_read() {
        let line = r#"http_requests_total{method="GET",path="/readings/{sensor}",say="\"} 9"} 3"#;
        let samples = readable(&format!(
            "# TYPE db_up gauge\nwhat is this?\ndb_up 1\n{line}"
        ));
        let [up, requests] = &samples[..] else {
            panic!("{samples:?}");
        };
        assert_eq!((up.value, up.labels.len()), (1.0, 0));
        assert_eq!(
            (&*requests.name, requests.value),
            ("http_requests_total", 3.0)
        );
        assert_eq!(requests.label("path"), "/readings/{sensor}");
        assert_eq!(requests.label("say"), "\"} 9");
    }
}
