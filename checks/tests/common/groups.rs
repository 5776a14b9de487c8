//! The attempts at a step that differ in its task only are modules of one program: code for a whole server is generated and linked
//! once, not once for each of them. Which one it is, the program reads off the folder that it was started from.

use std::fmt::Write;

use super::attempts::{Attempt, Kind};

/// What the program's name adds to the package's.
pub const NAME: &str = "attempts";

const MAIN: &str = "async fn main()";

/// Whether it can be a module: whoever brings a `main.rs` has a program alone.
pub fn takes(attempt: &Attempt) -> bool {
    !(matches!(attempt.kind, Kind::Wrong | Kind::Right) && attempt.path.is_dir())
}

/// The `main.rs` of a module: others can call its `main`.
pub fn as_module(main: &str) -> String {
    main.replace(MAIN, &format!("pub {MAIN}"))
}

/// The program, from the names of its members' folders.
pub fn source<'a>(package: &str, bins: impl Iterator<Item = &'a String> + Clone) -> String {
    let mut text = String::new();
    for bin in bins.clone() {
        let _ = writeln!(text, "#[path = \"{bin}/main.rs\"]\nmod {};", module(bin));
    }
    text += "
fn main() -> std::io::Result<()> {
    let program = std::env::args_os().next().unwrap_or_default();
    let folder = std::path::Path::new(&program).parent().and_then(|folder| folder.file_name());
    match folder.and_then(|name| name.to_str()) {
";
    for bin in bins {
        let _ = writeln!(
            text,
            "        Some(\"{package}-{bin}\") => {}::main(),",
            module(bin)
        );
    }
    text + "        _ => Err(std::io::Error::other(\"no attempt has the name of this folder\")),\n    }\n}\n"
}

fn module(bin: &str) -> String {
    bin.replace('-', "_")
}
