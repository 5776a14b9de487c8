//! Removes a project, with all that it made: whether it was through with making it or not.

use std::{env, process::Command, time::Duration};

use super::command::{Ran, run_while_ending};

/// How long Docker may take for one of these. Nothing is waited for in the containers: they are killed.
const LIMIT: Duration = Duration::from_secs(60);

/// How often it is tried: a `docker compose up` that was killed leaves the engine at work, which may make one more container
/// after the others have gone; and a very busy engine has left an image behind.
const TRIES: usize = 3;

/// Removes the project `name`. Never fails: a return, a panic or Ctrl-C that leads here has something else to tell.
pub fn remove(name: &str) {
    for _ in 0..TRIES {
        docker(
            &["compose", "--project-name", name, "down", "--timeout", "0"],
            &["--volumes", "--remove-orphans"],
        );
        // `down --rmi local` spares images that have a name of their own in the file, as ours has.
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
    // Where no compose.yaml is found, labels say what belongs to a project, whatever the learner's file says by now.
    command
        .current_dir(env::temp_dir())
        .args(arguments)
        .args(more);
    run_while_ending(command, LIMIT, "tidying up").ok()
}
