//! What a new step adds to files that are there already. Added once more it changes nothing.

use anyhow::{Context, ensure};

use super::names::Names;

/// The longest line that rustfmt leaves as it is.
const WIDTH: usize = 100;

/// `main.rs` of the finished service, with the new feature after the others.
///
/// # Errors
/// When it is not written as expected.
pub fn finished(main: &str, names: &Names) -> anyhow::Result<String> {
    let main = configured(main, &names.module())?;
    let module = names.module();
    let main = imported(&main, "use solutions::", |names| names.push(&module))?;
    let before = format!("step {} ", names.number - 1);
    Ok(main.replacen(&before, &format!("step {} ", names.number), 1))
}

/// `main.rs` of the new step: that of the finished service, and the feature in a module of its own.
///
/// # Errors
/// When it is not written as expected.
pub fn start(main: &str, names: &Names) -> anyhow::Result<String> {
    let main = configured(main, &names.module())?;
    let module = names.module();
    let main = imported(&main, "use solutions::", |names| {
        names.retain(|name| *name != module);
    })?;
    let (_, code) = main.split_once("\n\n").context("it has no heading")?;
    let heading = names.fill("//! Step {number}: {title}.\n\nmod {module};\n\n");
    Ok(heading + code)
}

/// With a `.configure` for this module, after the last one.
fn configured(main: &str, module: &str) -> anyhow::Result<String> {
    let last = main
        .lines()
        .rfind(|line| line.trim_start().starts_with(".configure("))
        .context("no line of it begins with .configure(")?;
    let indent = &last[..last.len() - last.trim_start().len()];
    let new = format!("{indent}.configure({module}::routes)");
    if last == new {
        return Ok(main.to_owned());
    }
    Ok(main.replacen(last, &format!("{last}\n{new}"), 1))
}

/// The list behind `opening`, changed, and sorted again.
///
/// # Errors
/// When there is no such list.
pub fn imported<'a>(
    text: &'a str,
    opening: &str,
    change: impl FnOnce(&mut Vec<&'a str>),
) -> anyhow::Result<String> {
    let (before, rest) = text
        .split_once(&format!("{opening}{{"))
        .with_context(|| format!("there is no {opening}{{…}}"))?;
    let (list, after) = rest.split_once("};").context("its list does not end")?;
    let names = list
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let mut names: Vec<&str> = names.collect();
    change(&mut names);
    names.sort_unstable();
    names.dedup();
    let line = format!("{opening}{{{}}};", names.join(", "));
    if line.len() <= WIDTH {
        return Ok(format!("{before}{line}{after}"));
    }
    let mut lines = vec!["   ".to_owned()];
    for name in names {
        let full = lines
            .last()
            .is_some_and(|line| line.len() + name.len() + 2 > WIDTH);
        if full {
            lines.push("   ".to_owned());
        }
        if let Some(line) = lines.last_mut() {
            *line += &format!(" {name},");
        }
    }
    Ok(format!(
        "{before}{opening}{{\n{}\n}};{after}",
        lines.join("\n")
    ))
}

/// `pub mod …;` in its place among the others, in the alphabet's order.
///
/// # Errors
/// When there are none.
pub fn declared(text: &str, module: &str) -> anyhow::Result<String> {
    let line = format!("pub mod {module};");
    if text.lines().any(|other| other == line) {
        return Ok(text.to_owned());
    }
    let mut modules = text.lines().filter(|line| line.starts_with("pub mod "));
    let after = modules.clone().find(|other| **other > *line);
    match (after, modules.next_back()) {
        (Some(after), _) => Ok(text.replacen(after, &format!("{line}\n{after}"), 1)),
        (None, Some(last)) => Ok(text.replacen(last, &format!("{last}\n{line}"), 1)),
        (None, None) => anyhow::bail!("it declares no module"),
    }
}

/// With `new` in front of the first `anchor`.
///
/// # Errors
/// When there is no such anchor.
pub fn before(text: &str, anchor: &str, new: &str) -> anyhow::Result<String> {
    ensure!(text.contains(anchor), "there is no {anchor:?} in it");
    if text.contains(new) {
        return Ok(text.to_owned());
    }
    Ok(text.replacen(anchor, &format!("{new}{anchor}"), 1))
}

/// With `new` below the row of the last step in a table: the line that begins with `mark`.
///
/// # Errors
/// When there is no such row.
pub fn below_row(text: &str, mark: &str, new: &str) -> anyhow::Result<String> {
    let row = text.lines().find(|line| line.starts_with(mark));
    let row = row.with_context(|| format!("no row of it begins with {mark}"))?;
    if text.lines().any(|line| line == new) {
        return Ok(text.to_owned());
    }
    Ok(text.replacen(row, &format!("{row}\n{new}"), 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_stays_sorted_and_as_rustfmt_would_write_it() {
        let short = imported("use x::{a, c};\n", "use x::", |names| {
            names.extend(["b", "c"])
        });
        assert_eq!(short.ok().as_deref(), Some("use x::{a, b, c};\n"));
        let long = ["a".repeat(50), "b".repeat(41), "c".repeat(40)].join(", ");
        let long = format!("use x::{{{long}}};\n");
        let long = imported(&long, "use x::", |_| {}).unwrap_or_default();
        let widths: Vec<usize> = long.lines().map(str::len).collect();
        assert_eq!(widths, [8, 98, 45, 2], "{long}");
        assert!(imported("use x::a;", "use x::", |_| {}).is_err());
    }

    #[test]
    fn a_module_is_declared_in_the_alphabets_order() {
        let text = "//! All.\n\npub mod a;\npub mod c;\n";
        let with = |module| declared(text, module).unwrap_or_default();
        assert!(with("b").ends_with("pub mod a;\npub mod b;\npub mod c;\n"));
        assert!(with("d").ends_with("pub mod c;\npub mod d;\n"));
        assert_eq!(with("c"), text);
    }
}
