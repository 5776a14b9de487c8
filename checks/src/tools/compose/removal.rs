//! Removes a project with everything that it created, even if the creation was interrupted.

use std::{env, process::Command, time::Duration};

use super::command::{Ran, run_during_cleanup};

/// The time limit for each of these commands. The containers are killed, not stopped, so there is no wait for them.
const LIMIT: Duration = Duration::from_secs(60);

/// The number of attempts. After a `docker compose up` that was killed, the engine is still at work and may create one more
/// container after the others have been removed; and a very busy engine has left an image behind.
const TRIES: usize = 3;

/// Removes the project `name`. Never fails: the return, panic or Ctrl-C that leads here has an error of its own to report.
pub fn remove(name: &str) {
    for _ in 0..TRIES {
        docker(
            &["compose", "--project-name", name, "down", "--timeout", "0"],
            &["--volumes", "--remove-orphans"],
        );
        // `down --rmi local` keeps images that the file names explicitly, as it does ours.
        docker(&["image", "rm", "--force"], &[name]);
        if nothing_is_left(name) {
            break;
        }
    }
}

fn nothing_is_left(name: &str) -> bool {
    let label = format!("--filter=label=com.docker.compose.project={name}");
    let lists: [&[&str]; 4] = [
        &["container", "ls", "--all", "--quiet", &label],
        &["network", "ls", "--quiet", &label],
        &["volume", "ls", "--quiet", &label],
        &["image", "ls", "--quiet", name],
    ];
    lists.iter().all(|list| {
        docker(list, &[]).is_some_and(|listed| listed.ok && listed.stdout.trim().is_empty())
    })
}

fn docker(arguments: &[&str], more: &[&str]) -> Option<Ran> {
    let mut command = Command::new("docker");
    // Without a compose.yaml, Compose finds what belongs to a project by labels, whatever the learner's file says by now.
    command
        .current_dir(env::temp_dir())
        .args(arguments)
        .args(more);
    run_during_cleanup(command, LIMIT, "tidying up").ok()
}
