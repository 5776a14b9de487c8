//! The minutes that README.md and the lessons promise are those that `docs/minutes.md` reckons, and it reckons with the lessons as
//! they are.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, ensure};
use checks::{check::Part, course::STEPS};

/// A lesson may grow or shrink by this share before its words are to be counted again, in percent.
const DRIFT: usize = 5;

/// A row of `docs/minutes.md`.
#[derive(Debug, Default)]
struct Row {
    words: usize,
    /// In minutes, as the columns say.
    sum: f64,
    stated_sum: f64,
    minutes: usize,
}

fn read(path: &str) -> anyhow::Result<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::read_to_string(root.join(path)).with_context(|| path.to_owned())
}

/// The rows of the table below `heading`, by the number of the step.
fn table(heading: &str) -> anyhow::Result<BTreeMap<usize, Row>> {
    let text = read("docs/minutes.md")?;
    let lines = text.lines().skip_while(|line| *line != heading).skip(1);
    let rows = lines.take_while(|line| !line.starts_with('#'));
    let mut table = BTreeMap::new();
    for line in rows {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let Some(step) = cells.first().and_then(|step| step.parse().ok()) else {
            continue;
        };
        let number = |cell: usize| -> anyhow::Result<f64> {
            match cells
                .get(cell)
                .context("too few cells")?
                .trim_end_matches(" min")
            {
                "" => Ok(0.0),
                cell => cell.parse().with_context(|| format!("{cell} in {line}")),
            }
        };
        let sum = number(1)? / 120.0
            + number(2)? / 2.0
            + number(3)? / 4.0
            + number(4)? * number(5)? / 60.0
            + number(6)?;
        let row = Row {
            words: number(1)? as usize,
            sum,
            stated_sum: number(7)?,
            minutes: number(8)? as usize,
        };
        table.insert(step, row);
    }
    ensure!(!table.is_empty(), "no table below {heading}");
    Ok(table)
}

/// The words between the title and "Stuck?", without code blocks and addresses of links, by part.
fn words(lesson: &str) -> (usize, usize) {
    let (mut core, mut extra) = (0, 0);
    let (mut in_code, mut part) = (false, Part::Core);
    for line in lesson
        .lines()
        .skip(1)
        .take_while(|line| *line != "## Stuck?")
    {
        if line.starts_with("```") {
            in_code = !in_code;
            continue;
        }
        if in_code {
            continue;
        }
        match line {
            _ if line.starts_with('#') => part = Part::Core,
            "**extra**" => part = Part::Extra,
            _ => {}
        }
        let count = without_addresses(line)
            .split_whitespace()
            .filter(|word| word.chars().any(char::is_alphanumeric))
            .count();
        match part {
            Part::Core => core += count,
            Part::Extra => extra += count,
        }
    }
    (core, extra)
}

/// `[text](address)` is read as its text.
fn without_addresses(line: &str) -> String {
    let parts = line
        .split("](")
        .enumerate()
        .map(|(index, part)| match index {
            0 => part,
            _ => part.split_once(')').map_or("", |(_, rest)| rest),
        });
    parts.collect::<Vec<_>>().join(" ")
}

#[test]
fn the_reckoning_counts_the_lessons_as_they_are() -> anyhow::Result<()> {
    let (core, extra) = (table("## Core")?, table("## Extra")?);
    let mut wrong = String::new();
    for step in STEPS {
        let (in_core, in_extra) = words(&read(&format!("{}/README.md", step.folder))?);
        for (part, table, words) in [("core", &core, in_core), ("extra", &extra, in_extra)] {
            let row = table.get(&step.number);
            let stated = row.map_or(0, |row| row.words);
            if words.abs_diff(stated) * 100 > DRIFT * words.max(stated) {
                wrong += &format!(
                    "step {}, {part}: {words} words, {stated} in docs/minutes.md\n",
                    step.number
                );
            }
            if let Some(row) = row {
                let rounded = (row.stated_sum / 5.0).ceil() * 5.0;
                if (row.sum - row.stated_sum).abs() > 0.1 || rounded as usize != row.minutes {
                    wrong += &format!("step {}, {part}: {row:?}\n", step.number);
                }
            }
        }
    }
    ensure!(wrong.is_empty(), "{wrong}");
    Ok(())
}

#[test]
fn the_minutes_are_the_same_everywhere() -> anyhow::Result<()> {
    let (core, extra) = (table("## Core")?, table("## Extra")?);
    let minutes =
        |table: &BTreeMap<usize, Row>, step| table.get(&step).map_or(0, |row| row.minutes);
    let readmes = [("README.md", " min"), ("README.ko.md", "분")];
    for step in STEPS {
        ensure!(
            step.minutes == minutes(&core, step.number),
            "course.rs: step {}",
            step.number
        );
        let (core, extra) = (minutes(&core, step.number), minutes(&extra, step.number));
        for (readme, unit) in readmes {
            let text = read(readme)?;
            let link = format!("({}/README.md) |", step.folder);
            let row = text.lines().find(|line| line.contains(&link));
            let row = row.with_context(|| format!("{readme} has no row of {}", step.folder))?;
            let expected = match extra {
                0 => format!("| {core}{unit} | |"),
                _ => format!("| {core}{unit} | {extra}{unit} |"),
            };
            ensure!(row.ends_with(&expected), "{readme}: {expected}, not {row}");
        }
        let lesson = read(&format!("{}/README.md", step.folder))?;
        let promise = lesson.lines().nth(2).unwrap_or_default();
        let expected = match extra {
            0 => "**Extra**: none.".to_owned(),
            _ => format!("**Extra**: {extra} minutes."),
        };
        ensure!(
            promise.starts_with(&format!("**Core**: {core} minutes ("))
                && promise.contains(&expected),
            "{}: {core} and {extra} minutes, not {promise}",
            step.folder
        );
    }
    Ok(())
}
