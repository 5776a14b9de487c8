//! A file of rules with one of its alerts only.

use std::collections::BTreeSet;

use super::{Rule, Rules};

/// What rules know about other alerts: a file that mentions it is played as a whole. A selector may also match a name by a pattern.
const OTHERS: [&str; 2] = ["ALERTS", "__name__"];

impl Rules {
    /// The file once for each alert: with all rules of this name, and with all that record something. What an alert does depends
    /// on no other alert, so that each can be played alone. The whole file where that is not so, or where a rule cannot be taken
    /// out by its lines.
    pub fn each_alone(&self) -> Vec<Rules> {
        let names: BTreeSet<&str> = self.alerts().map(|rule| rule.says.name()).collect();
        let related = OTHERS.iter().any(|word| self.text.contains(word));
        let alone = || names.into_iter().map(|name| self.alone(name)).collect();
        let parts: Option<Vec<Rules>> = if related { None } else { alone() };
        parts.unwrap_or_else(|| {
            Rules::of(self.text.clone(), &self.file)
                .into_iter()
                .collect()
        })
    }

    fn alone(&self, alert: &str) -> Option<Rules> {
        let stays = |rule: &&Rule| {
            let name = rule.says.alert.as_deref();
            name.is_none_or(|name| name == alert)
        };
        let mut lines: Vec<Option<&str>> = self.text.split_inclusive('\n').map(Some).collect();
        for rule in self.rules.iter().filter(|rule| !stays(rule)) {
            let end = self.end_of(rule);
            lines[rule.line - 1..end].fill(None);
        }
        // Without comments, which do nothing: what is played is the same whatever they say.
        let says = lines
            .into_iter()
            .flatten()
            .filter(|line| !line.trim_start().starts_with('#'));
        let rules = Rules::of(says.collect(), &self.file).ok()?;
        let same =
            |(one, other): (&Rule, &Rule)| one.says == other.says && one.group == other.group;
        let count = self.rules.iter().filter(stays).count();
        let mut pairs = self.rules.iter().filter(stays).zip(&rules.rules);
        (rules.rules.len() == count && pairs.all(same)).then_some(rules)
    }

    /// The number of its last line: all lines of it but the first are indented like its first field, or further.
    fn end_of(&self, rule: &Rule) -> usize {
        let belongs = |line: &str| {
            let indented = line.len() - line.trim_start_matches(' ').len();
            line.trim().is_empty() || indented + 1 >= rule.column
        };
        let more = self.text.lines().skip(rule.line);
        rule.line + more.take_while(|line| belongs(line)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::Rules;

    fn parts_of(text: &str) -> Vec<Vec<String>> {
        let Ok(rules) = Rules::of(text.to_owned(), "alerts.yml") else {
            panic!("not rules: {text}");
        };
        let names = |part: &Rules| {
            part.rules
                .iter()
                .map(|rule| rule.says.name().to_owned())
                .collect()
        };
        rules.each_alone().iter().map(names).collect()
    }

    #[test]
    fn each_alert_is_alone_with_what_is_recorded() {
        let text = "\
groups:
  - name: first
    interval: 1m
    rules:
      # About Up.
      - alert: Up
        expr: |
          up
            == 0

      - record: errors
        expr: sum(up)
  - name: second
    rules:
    - alert: Errors
      expr: errors > 1
      labels: {severity: page}
    - {alert: Up, expr: absent(up)}
";
        assert_eq!(
            parts_of(text),
            [["errors", "Errors"].as_slice(), &["Up", "errors", "Up"]]
        );
    }

    #[test]
    fn what_cannot_be_taken_apart_stays_whole() {
        for (rules, why) in [
            (
                "[{alert: A, expr: up}, {alert: B, expr: up}]",
                "both on one line",
            ),
            (
                "\n  - alert: A\n    expr: up\n  -\n    alert: B\n    expr: up",
                "the dash stands alone",
            ),
            (
                "\n  - alert: A\n    expr: up\n  - alert: B\n    expr: |\n      # of all\n      up",
                "a comment in PromQL",
            ),
            (
                "\n  - alert: A\n    expr: up\n  - alert: B\n    expr: ALERTS == 1",
                "one asks for the other",
            ),
        ] {
            let text = format!("groups:\n- name: all\n  rules: {rules}\n");
            assert_eq!(parts_of(&text), [["A", "B"]], "{why}");
        }
    }
}
