//! The files of a step: as the learner has them, as they are shipped, and as they are in the finished service.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::ensure;

use super::Step;

impl Step {
    /// # Errors
    /// When the step's folder has another name, or is gone.
    pub fn is_there(&self, root: &Path) -> anyhow::Result<()> {
        ensure!(
            root.join(self.folder).is_dir(),
            "there is no folder {}: give it this name again, or take it from a fresh copy",
            self.folder
        );
        Ok(())
    }

    /// The files that the learner writes, and the same files of the finished service. Both relative to the root.
    pub fn written(&self) -> Vec<(PathBuf, PathBuf)> {
        let (own, finished) = (Path::new(self.folder), Path::new("solutions"));
        let mut files = vec![self.task];
        files.extend(self.config.filter(|config| *config != self.task));
        let mut files: Vec<_> = files
            .into_iter()
            .map(|file| (own.join(file), finished.join(file)))
            .collect();
        if self.is_container() {
            files.push(("Dockerfile".into(), finished.join("Dockerfile")));
        }
        files
    }

    /// The files that the step is shipped with, relative to the root, and where each is kept.
    ///
    /// # Errors
    /// When they are not there.
    pub fn shipped(&self, root: &Path) -> io::Result<Vec<(PathBuf, PathBuf)>> {
        let folder = self.folder.trim_start_matches("steps/");
        let kept = root.join("checks/attempts").join(folder).join("start");
        let mut files = Vec::new();
        for entry in fs::read_dir(kept)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default();
            let rust = path.extension().is_some_and(|ending| ending == "rs");
            let own = match name.to_str() {
                Some("Dockerfile") => name.into(),
                _ if rust => Path::new(self.folder).join("src").join(name),
                _ => Path::new(self.folder).join(name),
            };
            files.push((own, path));
        }
        files.sort();
        Ok(files)
    }
}
