//! Two self-checks at once in one clone, as from two terminals: both get their verdict, and neither disturbs the other.

use std::process::{Child, Stdio};

use anyhow::ensure;

use crate::common::{scratch::Scratch, verify::verify, workspace};

/// How often: what one could do to the other depends on the moment.
const ROUNDS: usize = 2;

#[test]
fn two_at_once_get_their_verdicts() -> anyhow::Result<()> {
    let scratch = Scratch::of_a_learner("two-at-once")?;
    let solution = workspace().join("solutions/src/health.rs");
    scratch.lay(&solution, "steps/01-health/src/health.rs")?;
    for round in 0..ROUNDS {
        let start = |arguments: &[&str]| -> std::io::Result<Child> {
            let mut command = verify(scratch.root(), arguments);
            command
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
        };
        // Step 1 is solved, and step 2 is as it is shipped.
        let both = [(start(&["1"])?, Some(0)), (start(&["2"])?, Some(1))];
        for (child, code) in both {
            let ended = child.wait_with_output()?;
            let said = String::from_utf8_lossy(&ended.stdout);
            let warned = String::from_utf8_lossy(&ended.stderr);
            ensure!(
                ended.status.code() == code,
                "round {round}: {said}\n{warned}"
            );
            ensure!(
                !warned.contains("was killed"),
                "it has cleaned up the other's: {warned}"
            );
        }
    }
    Ok(())
}
