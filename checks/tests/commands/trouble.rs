//! Wrong input, a full disk and folders without rights: one clear line, exit code 2, and nothing of the learner's is lost.
use std::{
    collections::BTreeMap,
    fs, io,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::common::{self, scratch::Scratch};

/// Every write to a file fails, as on a full disk.
const FULL: &str = r#"trap '' XFSZ; ulimit -f 0; exec "$0" "$@""#;

/// What lays files into the learner's steps.
const LAYS: [&[&str]; 5] = [
    &["reset", "1"],
    &["reset", "--all"],
    &["solution", "1", "--yes"],
    &["catch-up", "3"],
    &["carry", "1", "2"],
];

/// Runs it in this workspace. Returns the exit code, what was said, and on stderr.
fn run(root: &Path, mut command: Command) -> (Option<i32>, String, String) {
    command
        .env("CARGO_MANIFEST_DIR", root.join("checks"))
        .current_dir(root)
        .stdin(Stdio::null());
    let output = command.output().expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn verify(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_checks"));
    command.args(arguments);
    command
}

fn on_a_full_disk(arguments: &[&str]) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", FULL, env!("CARGO_BIN_EXE_checks")])
        .args(arguments);
    shell
}

/// Asserts that one line says what is wrong. Returns it.
fn refused(root: &Path, arguments: &[&str], command: Command) -> String {
    let (code, said, error) = run(root, command);
    assert_eq!(code, Some(2), "{arguments:?}: {said}{error}");
    assert!(error.starts_with("error: "), "{arguments:?}: {error}");
    assert_eq!(error.lines().count(), 1, "{arguments:?}: {error}");
    assert!(error.len() > 30, "{arguments:?}: {error}");
    error
}

/// All files of the learner's.
fn files(root: &Path) -> io::Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.join("steps")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.clone(), fs::read(path)?);
            }
        }
    }
    for name in ["Dockerfile", "progress.txt"] {
        let path = root.join(name);
        files.extend(fs::read(&path).ok().map(|text| (path, text)));
    }
    Ok(files)
}

/// A workspace in which every command of [`LAYS`] has something to do.
fn begun(name: &str) -> anyhow::Result<Scratch> {
    let scratch = Scratch::of_a_learner(name)?;
    for (path, text) in files(scratch.root())? {
        let ending = path.extension().unwrap_or_default();
        if ending == "rs" {
            fs::write(&path, [&text[..], b"// mine\n"].concat())?;
        }
    }
    Ok(scratch)
}

#[test]
fn wrong_words_are_answered_in_one_line() {
    let root = common::workspace();
    let one_too_many = (checks::course::STEPS.len() + 1).to_string();
    for arguments in [
        &[one_too_many.as_str()][..],
        &["0"],
        &["db"],
        &["--jsom"],
        &["--seed", "x"],
        &["--json", "--json-lines"],
        &["1", "--report", "pdf", "report"],
        &["1", "--report", "junit"],
        &["1", "--report", "junit", "no/such/folder/report"],
        &["hint", "nine"],
        &["hint", "health.answers-201"],
        &["hint", "1", "4"],
        &["watch", "nine"],
        &["reset"],
        &["reset", "nine"],
        &["reset", "1", "--all"],
        &["solution"],
        &["solution", "nine"],
        &["catch-up", "zero"],
        &["carry", "1"],
        &["carry", "2", "1"],
        &["carry", "7", "7"],
        &["database", "tired"],
        &["server", "lazy"],
        &["who"],
        &["who", "severity"],
        &["who", "--at", "noon", "severity=page"],
        &["doctor", "--prefetch", "nine"],
        &["new"],
        &["new", "Nine"],
        &["new", "health"],
    ] {
        refused(&root, arguments, verify(arguments));
    }
}

#[test]
fn progress_of_another_version_stops_what_would_replace_it_and_old_names_do_not()
-> anyhow::Result<()> {
    let scratch = begun("trouble-progress")?;
    let root = scratch.root();
    scratch.write("progress.txt", "# cargo verify, format 2.\n")?;
    let before = files(root)?;
    for arguments in [&["list"][..], &["catch-up", "2"], &["watch"], &["1"], &[]] {
        let said = refused(root, arguments, verify(arguments));
        assert!(said.contains("another version"), "{said}");
        assert_eq!(files(root)?, before, "{arguments:?}");
    }

    // A step and a check that have other names now.
    let old = "step alive done 0000000000000007 60 1700000000 8 0\n";
    let heading = "# cargo verify, format 1. You may delete, copy or commit this file.\n";
    let check = "check alive.answers-200 passed\n";
    scratch.write("progress.txt", &format!("{heading}{old}{check}"))?;
    scratch.write("target/verify/hints", "alive.answers-200 1\n")?;
    let (code, said, error) = run(root, verify(&["list"]));
    assert_eq!((code, error.as_str()), (Some(0), ""));
    assert!(said.contains("▸ 1  health       not begun"), "{said}");
    assert!(refused(root, &["hint"], verify(&["hint"])).contains("no check has failed yet"));
    refused(root, &["hint"], verify(&["hint", "alive.answers-200"]));
    let (code, _, error) = run(root, verify(&["catch-up", "2"]));
    assert_eq!(code, Some(0), "{error}");
    let kept = fs::read_to_string(root.join("progress.txt"))?;
    assert!(kept.contains(old) && kept.contains(check), "{kept}");
    Ok(())
}

#[test]
fn a_folder_with_another_name_is_missed_in_one_line() -> anyhow::Result<()> {
    let scratch = begun("trouble-renamed")?;
    let root = scratch.root();
    let (folder, renamed) = (
        root.join("steps/01-health"),
        root.join("steps/01-gesundheit"),
    );
    let _ = fs::remove_dir_all(&renamed);
    fs::rename(&folder, &renamed)?;
    let before = files(root)?;
    let checked = [&["1"][..], &[], &["watch", "1"], &["watch"]];
    for arguments in checked.into_iter().chain(LAYS) {
        let said = refused(root, arguments, verify(arguments));
        assert!(said.contains("no folder steps/01-health: "), "{said}");
        assert_eq!(files(root)?, before, "{arguments:?}");
    }
    fs::rename(&renamed, &folder)?;
    Ok(())
}

#[test]
fn a_full_disk_is_said_in_one_line_and_loses_nothing() -> anyhow::Result<()> {
    let scratch = begun("trouble-full")?;
    let root = scratch.root();
    let before = files(root)?;
    for arguments in LAYS {
        let said = refused(root, arguments, on_a_full_disk(arguments));
        assert!(said.contains("cannot write steps/"), "{said}");
        assert_eq!(files(root)?, before, "{arguments:?}");
    }

    // Full only when the last of several files is written: the first ones are laid, and kept.
    let last = root.join("progress.txt.new");
    symlink("/dev/full", &last)?;
    let (code, said, error) = run(root, verify(&["catch-up", "3"]));
    assert_eq!(code, Some(2), "{error}");
    assert!(
        error.contains("progress.txt cannot be written: No space left"),
        "{error}"
    );
    assert_eq!(
        (error.lines().count(), last.exists()),
        (1, false),
        "{error}"
    );
    assert!(said.contains("is kept. To take it back:"), "{said}");
    assert_all_kept(&before, root)?;
    let (code, _, error) = run(root, verify(&["catch-up", "3"]));
    assert_eq!(code, Some(0), "{error}");

    // Output that cannot be written.
    let mut list = verify(&["list"]);
    list.env("CARGO_MANIFEST_DIR", root.join("checks"));
    let output = list.stdout(fs::File::create("/dev/full")?).output()?;
    let error = String::from_utf8(output.stderr)?;
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(
        error.contains("the output cannot be written: No space left"),
        "{error}"
    );
    Ok(())
}

/// Folders that may not be written to. Root may write everywhere.
#[test]
fn a_folder_without_rights_is_said_in_one_line_and_loses_nothing() -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let scratch = begun("trouble-rights")?;
    let root = scratch.root();
    let before = files(root)?;
    let folders = [
        "steps/01-health/src",
        "steps/02-db-health/src",
        "steps/03-container/src",
    ];
    let allow = |mode| {
        let mut folders = folders.iter().map(|folder| root.join(folder));
        folders.try_for_each(|it| fs::set_permissions(it, fs::Permissions::from_mode(mode)))
    };
    allow(0o555)?;
    if fs::write(root.join(folders[0]).join("tried"), "").is_ok() {
        eprintln!("left out, because the tests run as a user who may write everywhere");
        return Ok(());
    }
    for arguments in LAYS {
        let said = refused(root, arguments, verify(arguments));
        assert!(said.contains("Permission denied"), "{said}");
    }
    allow(0o755)?;
    assert_all_kept(&before, root)
}

/// Every text is where it was, or in a file beside it.
fn assert_all_kept(before: &BTreeMap<PathBuf, Vec<u8>>, root: &Path) -> anyhow::Result<()> {
    let now = files(root)?;
    for (path, text) in before {
        let is_kept = now.values().any(|now| now == text);
        assert!(is_kept, "{} is lost", path.display());
    }
    Ok(())
}
