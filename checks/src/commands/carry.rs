//! `cargo verify carry 4 5`: the learner's own feature of an earlier step takes the place of the finished one in a later step.

use std::{fs, path::Path};

use anyhow::{Context, bail, ensure};

use super::overlay;
use crate::{course::Step, ui::say};

/// Copies the file that the learner wrote in `from` into `to`, and wires it there.
///
/// # Errors
/// When there is no such file, or `main.rs` does not use that feature of `solutions`.
pub fn carry(root: &Path, from: &Step, to: &Step) -> anyhow::Result<()> {
    ensure!(
        from.number < to.number,
        "step {} does not come before step {}",
        from.number,
        to.number
    );
    from.is_there(root)?;
    to.is_there(root)?;
    let file = from
        .task
        .strip_prefix("src/")
        .and_then(|file| file.strip_suffix(".rs"));
    let feature = file.with_context(|| format!("step {} has no code to carry", from.number))?;

    let read = |path: &Path| {
        let text = fs::read_to_string(root.join(path));
        text.with_context(|| format!("cannot read {}", path.display()))
    };
    let (from_folder, to_folder) = (Path::new(from.folder), Path::new(to.folder));
    let (wiring, manifest) = (to_folder.join("src/main.rs"), to_folder.join("Cargo.toml"));
    let code = read(&from_folder.join(from.task))?;
    let main = wired(&read(&wiring)?, feature).with_context(|| wiring.display().to_string())?;
    let needed = read(&from_folder.join("Cargo.toml"))?;
    let dependencies = with_dependencies(&read(&manifest)?, &needed);
    let files = [
        (to_folder.join(from.task), code.into_bytes()),
        (wiring, main.into_bytes()),
        (manifest, dependencies.into_bytes()),
    ];
    overlay::overlay(root, &files)?;
    say(&format!(
        "Step {} has your {feature} of step {} now.\n",
        to.number, from.number
    ));
    Ok(())
}

/// `main.rs` with a module of its own in place of the one from `solutions`.
fn wired(main: &str, feature: &str) -> anyhow::Result<String> {
    const OPEN: &str = "use solutions::{";
    let module = format!("mod {feature};");
    if main.lines().any(|line| line == module) {
        return Ok(main.to_owned());
    }
    let (before, rest) = main
        .split_once(OPEN)
        .context("there is no `use solutions::{…}`")?;
    let (names, after) = rest
        .split_once("};")
        .context("`use solutions::{` has no end")?;
    let names: Vec<&str> = names
        .split(',')
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .collect();
    if !names.contains(&feature) {
        bail!("it uses no {feature} of solutions");
    }
    let names: Vec<&str> = names.into_iter().filter(|name| *name != feature).collect();
    let used = format!("{OPEN}{}}};", names.join(", "));

    let mut lines: Vec<&str> = before.lines().collect();
    let first_use = lines.iter().position(|line| line.starts_with("use "));
    let end = first_use.unwrap_or(lines.len());
    match lines[..end]
        .iter()
        .position(|line| line.starts_with("mod ") && *line > module.as_str())
    {
        Some(at) => lines.insert(at, &module),
        None => match lines[..end]
            .iter()
            .rposition(|line| line.starts_with("mod "))
        {
            Some(last) => lines.insert(last + 1, &module),
            None => lines.splice(end..end, [module.as_str(), ""]).for_each(drop),
        },
    }
    Ok(format!("{}\n{used}{after}", lines.join("\n")))
}

/// A manifest with those dependencies of another one that it lacks.
fn with_dependencies(manifest: &str, other: &str) -> String {
    const SECTION: &str = "[dependencies]\n";
    let Some((before, rest)) = manifest.split_once(SECTION) else {
        return format!(
            "{}\n\n{SECTION}{}\n",
            manifest.trim_end(),
            dependencies(other).join("\n")
        );
    };
    let end = rest.find("\n[").map_or(rest.len(), |end| end + 1);
    let (own, after) = rest.split_at(end);
    let name = |line: &str| line.split(['.', '=', ' ']).next().map(str::to_owned);
    let mut lines: Vec<&str> = own.lines().filter(|line| !line.trim().is_empty()).collect();
    for line in dependencies(other) {
        if !lines.iter().any(|own| name(own) == name(line)) {
            lines.push(line);
        }
    }
    let gap = if after.is_empty() { "" } else { "\n" };
    format!("{before}{SECTION}{}\n{gap}{after}", lines.join("\n"))
}

fn dependencies(manifest: &str) -> Vec<&str> {
    let lines = manifest
        .lines()
        .skip_while(|line| *line != "[dependencies]")
        .skip(1);
    let lines = lines.take_while(|line| !line.starts_with('['));
    lines
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{wired, with_dependencies};

    #[test]
    fn a_feature_brings_its_dependencies() {
        let own = "[package]\nname = \"step05\"\n\n[dependencies]\nlog.workspace = true\n\n[lints]\nworkspace = true\n";
        let other = "[dependencies]\n# for people\nlog.workspace = true\nserde = { workspace = true }\n\n[lints]\n";
        let both = own.replace(
            "log.workspace = true\n",
            "log.workspace = true\nserde = { workspace = true }\n",
        );
        assert_eq!(with_dependencies(own, other), both);
        assert_eq!(with_dependencies(&both, other), both);
    }

    #[test]
    fn the_module_is_declared_among_others_and_not_imported() -> anyhow::Result<()> {
        let main = "//! Five.\n\nmod metrics;\n\nuse actix_web::App;\nuse solutions::{\n    config, health,\n    logs,\n};\n\nfn main() {}\n";
        let once = wired(main, "logs")?;
        assert_eq!(
            once,
            "//! Five.\n\nmod logs;\nmod metrics;\n\nuse actix_web::App;\nuse solutions::{config, health};\n\nfn main() {}\n"
        );
        assert_eq!(wired(&once, "logs")?, once);
        assert!(wired(main, "signals").is_err());
        let seven = main.replace("mod metrics;\n\n", "");
        assert!(
            wired(&seven, "logs")?.starts_with("//! Five.\n\nmod logs;\n\nuse actix_web::App;\n")
        );
        Ok(())
    }
}
