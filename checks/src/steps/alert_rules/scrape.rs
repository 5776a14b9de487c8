//! What the service tells Prometheus.

use std::{
    collections::{BTreeMap, BTreeSet},
    thread,
    time::{Duration, Instant},
};

use crate::{check::Failure, expect::Question, http::Answer};

pub const PATH: &str = "/metrics";

/// How often a value is looked at that has to come.
const PACE: Duration = Duration::from_millis(50);

/// The answer to one scrape.
pub struct Scrape {
    pub answer: Answer,
    /// What the learner can do to see it, too.
    pub how: String,
    samples: Vec<Sample>,
}

struct Sample {
    name: String,
    labels: Labels,
    value: f64,
}

/// Names and values, in their order.
pub type Labels = Vec<(String, String)>;

impl Scrape {
    /// Asks for it; it must come with 200.
    pub fn of(question: &Question) -> Result<Scrape, Failure> {
        let answer = question.status(200, question.program.get(PATH))?;
        let samples = answer.body.lines().filter_map(sample).collect();
        Ok(Scrape {
            answer,
            how: question.how.clone(),
            samples,
        })
    }

    /// The value of the only series of this name, or of the first of several.
    pub fn value(&self, name: &str) -> Option<f64> {
        let sample = self.samples.iter().find(|sample| sample.name == name);
        sample.map(|sample| sample.value)
    }

    /// Which labels the series of each name have.
    pub fn labels(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for sample in &self.samples {
            let labels = names.entry(sample.name.clone()).or_default();
            labels.extend(sample.labels.iter().map(|(label, _)| label.clone()));
        }
        names
    }

    /// Every series: its name, its labels and its value.
    pub fn series(&self) -> impl Iterator<Item = (&str, &Labels, f64)> {
        let samples = self.samples.iter();
        samples.map(|sample| (sample.name.as_str(), &sample.labels, sample.value))
    }

    /// Whether a stranger to `name` would find it: the lines that begin alike, and how many series there are.
    pub fn shown(&self, name: &str) -> String {
        let lines = self.answer.body.lines();
        let alike: Vec<&str> = lines.filter(|line| line.starts_with(name)).collect();
        match alike.as_slice() {
            [] => format!("no {name} among the {} series", self.samples.len()),
            lines => lines.join("\n"),
        }
    }
}

/// One line of the text format.
fn sample(line: &str) -> Option<Sample> {
    let end = line.find(['{', ' '])?;
    let (name, rest) = line.split_at(end);
    if name.is_empty() || name.starts_with('#') {
        return None;
    }
    let (labels, rest) = match rest.strip_prefix('{') {
        Some(inside) => labels(inside)?,
        None => (Labels::new(), rest),
    };
    Some(Sample {
        name: name.to_owned(),
        labels,
        value: rest.split_whitespace().next()?.parse().ok()?,
    })
}

/// What stands between braces, up to the closing one, and what comes behind that. Values may hold anything, a `}` too.
pub fn labels(inside: &str) -> Option<(Labels, &str)> {
    let mut labels = Labels::new();
    let mut rest = inside;
    loop {
        rest = rest.trim_start_matches([',', ' ']);
        if let Some(behind) = rest.strip_prefix('}') {
            return Some((labels, behind));
        }
        let (label, value) = rest.split_once("=\"")?;
        let end = end_of_value(value)?;
        labels.push((label.to_owned(), value[..end - 1].to_owned()));
        rest = &value[end..];
    }
}

/// Behind the quotation mark that ends it.
fn end_of_value(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        match letter {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => return Some(at + 1),
            _ => escaped = false,
        }
    }
    None
}

/// Scrapes until the only series `name` says `value`; at most for `limit`, or until nobody wants to know any more.
pub fn wait_for(
    question: &Question,
    (name, value): (&str, f64),
    limit: Duration,
    wanted: &dyn Fn() -> bool,
) -> Result<(), Failure> {
    let give_up = Instant::now() + limit;
    loop {
        let scrape = Scrape::of(question)?;
        if scrape.value(name) == Some(value) || !wanted() {
            return Ok(());
        }
        if Instant::now() > give_up {
            // Why a healthy database is taken for a dead one, the log may say.
            let log = match value > 0.0 {
                true => question.program.log.tail(),
                false => String::new(),
            };
            let found = scrape.shown(name);
            return Err(question.failure(
                format!("{name} {value}, within {} s", limit.as_secs()),
                format!("after {} s still: {found}{log}", limit.as_secs()),
            ));
        }
        thread::sleep(PACE);
    }
}

#[cfg(test)]
mod tests {
    use super::sample;

    #[test]
    fn a_line_is_read_whatever_its_labels_say() {
        let line = r#"http_requests_total{method="GET",path="/readings/{sensor}",say="\"} 9"} 3"#;
        let read = sample(line).expect("a sample");
        assert_eq!(
            (read.name.as_str(), read.value),
            ("http_requests_total", 3.0)
        );
        assert_eq!(
            read.labels[1],
            ("path".to_owned(), "/readings/{sensor}".to_owned())
        );
        assert_eq!(read.labels.len(), 3);
        let bare = sample("db_up 1").expect("a sample");
        assert_eq!((bare.value, bare.labels.len()), (1.0, 0));
        assert!(sample("# TYPE db_up gauge").is_none());
    }
}
