//! The hints of a step's README, one at a time.

use std::{fs, path::Path};

use anyhow::{Context, bail};

use crate::{course::Step, ui::style::wrapped};

/// Hint `number` (from 1) of a step, with a line that says how many there are.
///
/// # Errors
/// When the README cannot be read, or has no such hint.
pub fn hint(root: &Path, step: &Step, number: usize) -> anyhow::Result<String> {
    let readme = root.join(step.folder).join("README.md");
    let text =
        fs::read_to_string(&readme).with_context(|| format!("cannot read {}", readme.display()))?;
    let hints = hints(&text);
    let Some(hint) = number.checked_sub(1).and_then(|index| hints.get(index)) else {
        bail!(
            "step {} has {} hints: there is no hint {number}",
            step.number,
            hints.len()
        );
    };
    let more = match hints.len() - number {
        0 => format!("the last one; the solution is solutions/{}", step.task),
        _ => format!("more: cargo verify hint {} {}", step.number, number + 1),
    };
    let count = hints.len();
    let heading = format!("Step {}, hint {number} of {count}   ({more})", step.number);
    Ok(format!(
        "{}\n\n{}\n",
        wrapped(&heading, 0),
        wrapped(hint, 0)
    ))
}

/// The items of the ordered list under `## Stuck?`, each as one line.
fn hints(readme: &str) -> Vec<String> {
    let mut hints: Vec<String> = Vec::new();
    let section = readme
        .lines()
        .skip_while(|line| *line != "## Stuck?")
        .skip(1);
    for line in section.take_while(|line| !line.starts_with("## ")) {
        match (line.split_once(". "), hints.last_mut()) {
            (Some((number, text)), _) if number.parse::<usize>().is_ok() => {
                hints.push(text.trim().to_owned())
            }
            // An indented line goes on with the item above it.
            (_, Some(hint)) if line.starts_with(' ') => {
                hint.push(' ');
                hint.push_str(line.trim());
            }
            _ => {}
        }
    }
    hints
}

#[cfg(test)]
mod tests {
    use super::hints;

    #[test]
    fn hints_are_the_items_of_the_list_under_stuck() {
        let readme = "# Step\n1. not this\n## Stuck?\n\n1. Look\n   there.\n2. Now here.\n\nThe solution …\n## Further\n1. nor this\n";
        assert_eq!(hints(readme), ["Look there.", "Now here."]);
    }
}
