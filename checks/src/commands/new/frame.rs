//! The files of a new step, as they are laid.

use std::path::PathBuf;

use super::names::Names;

/// Its row in `course.rs`.
pub const ROW: &str = include_str!("frame/row.rs.txt");

/// Its row in `docs/minutes.md`: words, lines of Rust, tries, seconds for each, sum, minutes.
pub const MINUTES: &str = "| {number} | 129 | 1 |  | 2 | 77 |  | 4.1 | 5 |";

/// Its rows in the tables of the two READMEs.
pub const TABLE: &str =
    "| [{number}. {title}]({folder}/README.md) | to … | `src/{module}.rs` | 5 min | |";
pub const TABLE_KO: &str =
    "| [{number}. {title}]({folder}/README.md) | … | `src/{module}.rs` | 5분 | |";

const MANIFEST: &str = include_str!("frame/Cargo.toml.txt");

/// Where each file goes, and what it says.
const FILES: [(&str, &str); 11] = [
    ("{folder}/README.md", include_str!("frame/README.md.txt")),
    ("{folder}/Cargo.toml", MANIFEST),
    (
        "{folder}/src/{module}.rs",
        include_str!("frame/stub.rs.txt"),
    ),
    ("{attempts}/start/Cargo.toml", MANIFEST),
    (
        "{attempts}/start/{module}.rs",
        include_str!("frame/stub.rs.txt"),
    ),
    (
        "{attempts}/wrong/answers-204.rs.diff",
        include_str!("frame/wrong.diff.txt"),
    ),
    (
        "{attempts}/right/names-the-status.rs.diff",
        include_str!("frame/right.diff.txt"),
    ),
    ("{hints}.md", include_str!("frame/hints.md.txt")),
    (
        "solutions/src/{module}.rs",
        include_str!("frame/solution.rs.txt"),
    ),
    (
        "checks/src/steps/{module}.rs",
        include_str!("frame/checks.rs.txt"),
    ),
    (
        "{message}__wrong__answers-204.snap",
        include_str!("frame/message.snap.txt"),
    ),
];

/// The new files. `main` is the text of its `main.rs`.
pub fn files(names: &Names, main: &str) -> Vec<(PathBuf, String)> {
    let folder = names.folder();
    let at = |path: &str| {
        let path = path
            .replace("{attempts}", &format!("checks/attempts/{folder}"))
            .replace("{hints}", &format!("checks/hints/{folder}"))
            .replace("{message}", &format!("checks/tests/snapshots/{folder}"));
        PathBuf::from(names.fill(&path))
    };
    let mut files: Vec<_> = FILES
        .iter()
        .map(|(path, text)| (at(path), names.fill(text)))
        .collect();
    for path in ["{folder}/src/main.rs", "{attempts}/start/main.rs"] {
        files.push((at(path), main.to_owned()));
    }
    files
}
