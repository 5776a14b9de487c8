//! The cause of a failed build, pull or start, where Docker reports it only in prose.
//!
//! The texts change from version to version (these are from Engine 26 and 29). A failure that is not recognised stays a failure
//! whose output is shown.

use super::Trouble;
use crate::check::Blocked;

const DISK_FULL: &str = "no space left on device";

/// Lines about a failed request to a registry. A learner's program does not print any of these during a build.
const PULLING: [&str; 9] = [
    "failed to resolve source metadata for ",
    "failed to resolve reference ",
    "failed to copy: httpread",
    "response from daemon: get \"http",
    "response from daemon: head \"http",
    "response from daemon: received unexpected http status",
    "pull access denied",
    "manifest unknown",
    "toomanyrequests",
];

const NO_SUCH_IMAGE: [&str; 4] = [
    "not found",
    "manifest unknown",
    "access denied",
    "authorization failed",
];

const TOO_MANY: [&str; 2] = ["toomanyrequests", "too many requests"];

const GONE: [&str; 5] = [
    "cannot connect to the docker daemon",
    "failed to connect to the docker api",
    "error during connect",
    "error reading from server: eof",
    "code = unavailable",
];

const NO_BUILDX: [&str; 2] = ["buildx component is missing", "requires buildkit"];

/// Recognises, in the output of a failed `docker build`, `up` or `pull`, trouble of the machine that is not the learner's
/// mistake.
pub fn trouble(stderr: &str) -> Option<Blocked> {
    let said = stderr.to_lowercase();
    let pulling: Vec<&str> = said.lines().filter(|line| has(line, &PULLING)).collect();
    // The disk first, because a full disk may be why a pull failed.
    let trouble = if said.contains(DISK_FULL) {
        Trouble::new(
            "the disk is full",
            "`docker system df` shows what takes it, `docker builder prune` frees what builds left",
        )
    } else if !pulling.is_empty() {
        unpulled(image(stderr), &pulling.concat())
    } else if has(&said, &GONE) {
        Trouble::gone()
    } else if has(&said, &NO_BUILDX) {
        Trouble::without_buildx()
    } else {
        return None;
    };
    Some(trouble.into())
}

fn unpulled(image: Option<&str>, said: &str) -> Trouble {
    let name = image.unwrap_or("an image");
    if has(said, &TOO_MANY) {
        Trouble::new(
            format!("cannot pull {name}, too many were pulled from here"),
            "`docker login`, or try again in some hours",
        )
    } else if has(said, &NO_SUCH_IMAGE) {
        Trouble::new(
            format!("cannot pull {name}, there is none of that name"),
            "see whether name and version are right",
        )
    } else {
        let pull = image.map_or("docker compose pull".to_owned(), |image| {
            format!("docker pull {image}")
        });
        Trouble::new(
            format!("cannot pull {name}, its registry cannot be reached"),
            format!("see to the network or the proxy until `{pull}` works"),
        )
    }
}

/// The image that could not be pulled. Not every message names it.
fn image(stderr: &str) -> Option<&str> {
    const BEFORE: [&str; 5] = [
        "failed to solve: ",
        "source metadata for ",
        "failed to resolve reference \"",
        "manifest for ",
        "access denied for ",
    ];
    BEFORE.iter().find_map(|before| {
        let (_, after) = stderr.rsplit_once(before)?;
        let word = after.split([' ', ',', '"', '\n']).next()?;
        let name = word.trim_end_matches(':');
        // Docker adds the registry and the folder that a file may leave out.
        let name = name
            .split_once("/library/")
            .map_or(name, |(_, short)| short);
        name.contains([':', '/']).then_some(name)
    })
}

fn has(said: &str, words: &[&str]) -> bool {
    words.iter().any(|word| said.contains(word))
}
