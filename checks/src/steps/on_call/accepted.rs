//! What amtool reports about the unchanged file.

use crate::{
    check::{Failure, Results},
    harness::text::printable,
    tools::alertmanager::{self, check_config},
};

use super::{context::Context, row};

pub fn check_all(context: &Context, results: &Results) -> anyhow::Result<()> {
    let amtool = match alertmanager::amtool() {
        Ok(amtool) => amtool,
        Err(why) => {
            results.blocked(row::LOADS_IN_ALERTMANAGER, &why);
            return Ok(());
        }
    };
    let output = check_config(&amtool, &context.text, &context.beside())?;
    results.check(row::LOADS_IN_ALERTMANAGER, || {
        if output.status.success() {
            return Ok(());
        }
        let said = [output.stdout, output.stderr].concat();
        Err(Failure::new(
            "amtool check-config: SUCCESS",
            reason(&String::from_utf8_lossy(&said)),
            format!("amtool check-config {}", context.file),
        )
        .perhaps_if(cause(&context.text, &String::from_utf8_lossy(&said))))
    });
    Ok(())
}

/// The text after `FAILED: `, without the last line, which repeats it.
fn reason(said: &str) -> String {
    let reason = said.split_once("FAILED: ").map_or(said, |(_, why)| why);
    let lines = reason
        .lines()
        .filter(|line| !line.starts_with("amtool: error") && !line.trim().is_empty());
    printable(&lines.collect::<Vec<_>>().join("\n"))
}

fn cause(text: &str, said: &str) -> Option<&'static str> {
    if text.contains("${") && said.contains("URL") {
        Some("Alertmanager does not put in variables of the environment")
    } else if said.contains("root route") {
        Some("the route at the top is for everything, at any hour: put it into a child")
    } else if said.contains("not found in type") {
        Some("a field that Alertmanager does not know: misspelt, or indented too far")
    } else {
        None
    }
}
