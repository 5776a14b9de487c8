//! What a learner's files lack of the solution.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::Context;
use similar::{ChangeTag, TextDiff};

use crate::course::Step;

/// The lines shown before and after one that has a name in it.
const AROUND: usize = 1;

/// The lines that a difference to the solution adds, as far as a name from `names` (in backticks) is near; all of them if there are
/// no names. Nothing where the files are the same.
///
/// # Errors
/// When a file of the course cannot be read.
pub fn lines(root: &Path, step: &Step, names: &str) -> anyhow::Result<String> {
    let names = in_backticks(names);
    let mut text = String::new();
    for (theirs, ours) in step.written() {
        // A file of theirs that is gone, or is no text, lacks every line.
        let old = fs::read(root.join(theirs)).unwrap_or_default();
        let old = String::from_utf8_lossy(&old);
        let new = root.join(&ours);
        let new =
            fs::read_to_string(&new).with_context(|| format!("cannot read {}", new.display()))?;
        let missing = missing(&old, &new, &names);
        if !missing.is_empty() {
            text += &format!("{}\n{missing}\n", ours.display());
        }
    }
    Ok(text)
}

/// What a hint names, without the path before it: `acquire` for `Semaphore::acquire`.
fn in_backticks(text: &str) -> BTreeSet<&str> {
    let quoted = text.split('`').skip(1).step_by(2);
    let names = quoted.map(|name| {
        let name = name.trim_matches(|letter: char| !letter.is_alphanumeric());
        name.rsplit("::").next().unwrap_or(name)
    });
    names.filter(|name| !name.is_empty()).collect()
}

fn missing(old: &str, new: &str, names: &BTreeSet<&str>) -> String {
    let diff = TextDiff::from_lines(old, new);
    let changes: Vec<_> = diff.iter_all_changes().collect();
    let wanted = |index: usize| {
        let change = &changes[index];
        let named = names.is_empty() || names.iter().any(|name| change.value().contains(name));
        change.tag() == ChangeTag::Insert && named
    };
    let mut text = String::new();
    let mut last = None;
    for (index, change) in changes.iter().enumerate() {
        let near = index.saturating_sub(AROUND)..changes.len().min(index + AROUND + 1);
        if !near.clone().any(wanted) {
            continue;
        }
        if last.is_some_and(|last| last + 1 < index) {
            text += "  …\n";
        }
        last = Some(index);
        text += &format!("{} {}\n", change.tag(), change.value().trim_end());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_near_a_name_are_shown() {
        let new = "use a;\nfn f() {\n    one();\n    two();\n    three();\n    four();\n}\n";
        let names = in_backticks("Look up `b::two` and `.none()`.");
        assert_eq!(names, BTreeSet::from(["none", "two"]));
        assert_eq!(
            missing("use a;\nfn f() {\n}\n", new, &names),
            "+     one();\n+     two();\n+     three();\n"
        );
        assert_eq!(missing(new, new, &BTreeSet::new()), "");
    }
}
