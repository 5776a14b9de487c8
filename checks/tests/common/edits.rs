//! Attempts that contain only their differences from the solution: `<name>.rs.diff`, `<name>.yml.diff`.
//!
//! The attempt's header stands above the first line that begins with `@@`. Each of those lines begins a block: lines that stay
//! (after a space), are removed (`-`) and are added (`+`), as in any diff, but found by their text and not by their numbers. The
//! lines that stay or are removed must occur in the solution exactly once, so that a changed solution is noticed.

use std::{fs, path::Path};

use anyhow::{Context, bail, ensure};

use super::workspace;

/// The file name extension of such a file, after the name of the file that it changes.
const ENDING: &str = ".diff";

/// The file name without the extension: `health.rs` for both `health.rs.diff` and `health.rs`.
pub fn without_ending(name: &str) -> &str {
    name.strip_suffix(ENDING).unwrap_or(name)
}

/// The text of a file, or of `base` with the changes in the file.
pub fn read(path: &Path, base: Option<&Path>) -> anyhow::Result<String> {
    let text = text(path)?;
    if !path.to_string_lossy().ends_with(ENDING) {
        return Ok(text);
    }
    let base = base.with_context(|| format!("{} changes no file of the step", path.display()))?;
    let shown = base.strip_prefix(workspace()).unwrap_or(base);
    apply(&text, &self::text(base)?, &shown.display().to_string())
        .with_context(|| path.display().to_string())
}

fn text(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// `base` with the blocks of `diff` applied, from top to bottom. `name` is the name of `base`.
pub fn apply(diff: &str, base: &str, name: &str) -> anyhow::Result<String> {
    // The first line may begin a block, too: in a folder whose `main.rs` has the header, other files need none.
    let diff = format!("\n{diff}");
    ensure!(diff.contains("\n@@"), "there is no block (a line @@)");
    let base: Vec<&str> = base.lines().collect();
    let mut changed = Vec::new();
    let mut done = 0;
    for (index, block) in diff.split("\n@@").skip(1).enumerate() {
        let number = index + 1;
        let (old, new) = parts(block).with_context(|| format!("block {number}"))?;
        ensure!(old != new, "block {number} changes nothing");
        ensure!(!old.is_empty(), "block {number} does not say where");
        let mut places = (0..base.len()).filter(|at| base[*at..].starts_with(&old));
        let place = places
            .next()
            .with_context(|| format!("block {number} does not stand in {name}"))?;
        ensure!(
            places.next().is_none(),
            "block {number} stands in {name} more than once"
        );
        ensure!(
            place >= done,
            "block {number} stands above the end of the one before it"
        );
        changed.extend(&base[done..place]);
        changed.extend(new);
        done = place + old.len();
    }
    changed.extend(&base[done..]);
    Ok(changed.join("\n") + "\n")
}

/// The lines that a block searches for, and the lines that replace them. Empty lines at its end are not part of it.
fn parts(block: &str) -> anyhow::Result<(Vec<&str>, Vec<&str>)> {
    let (mut old, mut new) = (Vec::new(), Vec::new());
    // The text that `diff` writes after @@ is not needed here.
    for line in block.trim_end_matches('\n').lines().skip(1) {
        match line.split_at_checked(1) {
            None => {
                old.push(line);
                new.push(line);
            }
            Some((" ", stays)) => {
                old.push(stays);
                new.push(stays);
            }
            Some(("-", goes)) => old.push(goes),
            Some(("+", comes)) => new.push(comes),
            Some(_) => bail!("{line:?} begins with neither a space nor - nor +"),
        }
    }
    Ok((old, new))
}

#[cfg(test)]
mod tests {
    use super::apply;

    const BASE: &str = "one\ntwo\n\nthree\ntwo\nfour\n";

    /// The result, or the error message.
    fn applied(blocks: &str) -> Result<String, String> {
        let diff = format!("# A title.\n# Fails: some.check\n\n{blocks}");
        apply(&diff, BASE, "base.rs").map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn lines_stay_go_and_come() {
        let text = applied("@@\n one\n-two\n+2\n+zwei\n\n three\n\n@@ -6 +7 @@\n-four\n");
        assert_eq!(text.unwrap(), "one\n2\nzwei\n\nthree\ntwo\n");
    }

    #[test]
    fn the_first_line_may_go_and_one_may_come_behind_the_last() {
        assert_eq!(applied("@@\n-one\n").unwrap(), BASE.replace("one\n", ""));
        assert_eq!(
            applied("@@\n four\n+five\n").unwrap(),
            format!("{BASE}five\n")
        );
    }

    #[test]
    fn a_title_is_not_needed() {
        let text = apply("@@\n-one\n@@\n-four\n", BASE, "base.rs").unwrap();
        assert_eq!(text, "two\n\nthree\ntwo\n");
    }

    #[test]
    fn what_cannot_be_applied_says_why() {
        for (blocks, why) in [
            ("", "there is no block (a line @@)"),
            ("@@\n-five\n", "block 1 does not stand in base.rs"),
            ("@@\n-fou\n", "block 1 does not stand in base.rs"),
            ("@@\n-two\n", "block 1 stands in base.rs more than once"),
            ("@@\n+five\n", "block 1 does not say where"),
            ("@@\n one\n", "block 1 changes nothing"),
            (
                "@@\n-four\n@@\n-one\n",
                "block 2 stands above the end of the one before it",
            ),
            (
                "@@\nfour\n",
                "block 1: \"four\" begins with neither a space nor - nor +",
            ),
        ] {
            assert_eq!(applied(blocks).unwrap_err(), why, "{blocks}");
        }
    }
}
