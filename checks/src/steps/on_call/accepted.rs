//! What amtool says about the file, as it is.

use crate::{
    alertmanager::{self, check_config},
    check::Results,
    http::printable,
};

use super::scene::{Scene, failure};

const ID: &str = "on-call.loads-in-alertmanager";

pub fn verify(scene: &Scene, results: &Results) -> anyhow::Result<()> {
    let amtool = match alertmanager::amtool() {
        Ok(amtool) => amtool,
        Err(why) => {
            results.blocked(ID, &why);
            return Ok(());
        }
    };
    let output = check_config(&amtool, &scene.text, &scene.beside())?;
    results.check(ID, || {
        if output.status.success() {
            return Ok(());
        }
        let said = [output.stdout, output.stderr].concat();
        Err(failure(
            "amtool check-config: SUCCESS",
            reason(&String::from_utf8_lossy(&said)),
            format!("amtool check-config {}", scene.file),
        )
        .perhaps(cause(&scene.text, &String::from_utf8_lossy(&said))))
    });
    Ok(())
}

/// What comes after `FAILED: `, without the last line, which says the same.
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
