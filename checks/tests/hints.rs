//! Every check has hints of its own, and only the last one, the difference to the solution, holds a line of the solution.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, ensure};
use checks::{
    commands::hint::ladder,
    course::{STEPS, Step},
};

/// Shorter lines of the solution stand in any text: `}`, `.await`.
const TELLING: usize = 24;

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The lines of the solution that tell something, and that the step as it is shipped does not have.
fn telling_lines(step: &Step) -> anyhow::Result<BTreeSet<String>> {
    let files: BTreeSet<&str> = [Some(step.task), step.config]
        .into_iter()
        .flatten()
        .collect();
    let start = root()
        .join("checks/attempts")
        .join(step.folder.trim_start_matches("steps/"))
        .join("start");
    let mut telling = BTreeSet::new();
    for file in files {
        let name = file.trim_start_matches("src/");
        let shipped = fs::read_to_string(start.join(name)).with_context(|| name.to_owned())?;
        let solution = fs::read_to_string(root().join("solutions").join(file))?;
        let lines = solution.lines().map(str::trim);
        let lines = lines.filter(|line| line.len() >= TELLING && !line.starts_with("//"));
        telling.extend(
            lines
                .filter(|line| !shipped.contains(line))
                .map(str::to_owned),
        );
    }
    Ok(telling)
}

#[test]
fn every_check_has_hints_and_only_the_last_one_tells_the_solution() -> anyhow::Result<()> {
    let mut wrong = String::new();
    for step in STEPS {
        let telling = telling_lines(step)?;
        for check in step.checks {
            let rungs = ladder::rungs(&root(), step, check)?;
            let before: Vec<_> = rungs
                .iter()
                .filter(|(what, _)| !what.contains("solution"))
                .collect();
            if before.len() < 3 {
                wrong += &format!("{}: not a question, a section and names\n", check.id);
            }
            for (what, text) in before {
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                if let Some(line) = telling.iter().find(|line| text.contains(line.as_str())) {
                    wrong += &format!("{}, {what}: {line}\n", check.id);
                }
            }
        }
    }
    ensure!(wrong.is_empty(), "{wrong}");
    Ok(())
}
