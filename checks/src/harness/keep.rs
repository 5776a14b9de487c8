//! Replaces files so that nothing is lost: what was there is kept beside it, and whenever the program or the machine stops, each
//! file is either the old one or the new one.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// Writes `text` to the file at `path`. What was there is kept in a file of that name with `.stamp` behind it, whose path is
/// returned; `None`: there was nothing, or the same. `before_each` is called before each single change on the disk.
///
/// # Errors
/// When it cannot be read or written.
pub fn replace(
    path: &Path,
    text: &[u8],
    stamp: &str,
    before_each: &mut dyn FnMut(),
) -> io::Result<Option<PathBuf>> {
    let kept = match fs::read(path) {
        Ok(old) if old == text => return Ok(None),
        Ok(old) => {
            let kept = free_name(path, stamp);
            write(&kept, &old, before_each)?;
            Some(kept)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    write(path, text, before_each)?;
    Ok(kept)
}

/// Writes a whole file or nothing. Its folder is made if there is none.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, text: &[u8], before_each: &mut dyn FnMut()) -> io::Result<()> {
    let new = with_suffix(path, "new");
    let written = write_beside(path, &new, text, before_each);
    if written.is_err() {
        // On a full disk a part of a file is in the way of what comes next.
        let _ = fs::remove_file(&new);
    }
    written
}

fn write_beside(
    path: &Path,
    new: &Path,
    text: &[u8],
    before_each: &mut dyn FnMut(),
) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    before_each();
    let mut file = File::create(new)?;
    before_each();
    file.write_all(text)?;
    before_each();
    file.sync_all()?;
    before_each();
    fs::rename(new, path)?;
    before_each();
    sync_folder(path)
}

/// The new name of a file outlasts a power cut only once its folder is on the disk, too. Windows opens no folders.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

fn free_name(path: &Path, stamp: &str) -> PathBuf {
    let again = (2..).map(|count| format!("{stamp}-{count}"));
    let mut names = [stamp.to_owned()].into_iter().chain(again);
    let free = names.find(|suffix| !with_suffix(path, suffix).exists());
    with_suffix(path, &free.unwrap_or_default())
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[test]
    fn whenever_it_stops_the_old_text_is_there_and_the_file_is_whole() -> io::Result<()> {
        let mut stops = 0;
        loop {
            let folder = tempfile::tempdir()?;
            let path = folder.path().join("health.rs");
            fs::write(&path, "mine")?;
            let mut changes = 0;
            let replaced = catch_unwind(AssertUnwindSafe(|| {
                replace(&path, b"theirs", "now", &mut || {
                    assert!(changes < stops, "the program stops here");
                    changes += 1;
                })
            }));
            let texts: Vec<String> = fs::read_dir(&folder)?
                .map(|file| fs::read_to_string(file?.path()))
                .collect::<io::Result<_>>()?;
            assert!(
                texts.iter().any(|text| text == "mine"),
                "{stops}: {texts:?}"
            );
            let text = fs::read_to_string(&path)?;
            assert!(
                ["mine", "theirs"].contains(&text.as_str()),
                "{stops}: {text}"
            );
            if let Ok(kept) = replaced {
                assert_eq!(
                    (text.as_str(), kept?),
                    ("theirs", Some(path.with_extension("rs.now")))
                );
                break;
            }
            stops += 1;
        }
        assert_eq!(stops, 10, "each of the changes was the last one once");
        Ok(())
    }

    #[test]
    fn nothing_is_kept_of_what_is_the_same_and_no_kept_file_is_replaced() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("alerts.yml");
        let replace = |text: &str| replace(&path, text.as_bytes(), "now", &mut || {});
        assert_eq!(replace("one")?, None);
        assert_eq!(replace("one")?, None);
        assert_eq!(replace("two")?, Some(with_suffix(&path, "now")));
        assert_eq!(replace("three")?, Some(with_suffix(&path, "now-2")));
        assert_eq!(fs::read_to_string(with_suffix(&path, "now"))?, "one");
        Ok(())
    }
}
