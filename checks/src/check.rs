//! What a check is, and how it can end.

mod results;
mod stop;

use std::{fs, io, path::Path};

pub use results::{Observer, Results};
pub use stop::{Blocked, Stop};

/// One thing that is checked.
#[derive(Debug)]
pub struct Check {
    /// Its stable name: `health.answers-200`.
    pub id: &'static str,
    /// Whether the step is done without it.
    pub part: Part,
    /// What must hold, in at most 40 characters.
    pub title: &'static str,
    /// The check that must pass first for this one to mean anything.
    pub needs: Option<&'static Check>,
    /// The section of the step's README that teaches it.
    pub lesson_section: &'static str,
}

/// The two parts of a step. It is done when its core passes; the extras are for those who have time left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Core,
    Extra,
}

impl Check {
    /// Whether the step is not done without it.
    pub fn is_core(&self) -> bool {
        self.part == Part::Core
    }
}

/// A step's table of checks. A row is `NAME = Core, id, title, section of the README;`, with `Extra` for what the step is done
/// without; where the check depends on another, `, needs ANOTHER` follows the section.
///
/// Defines `CHECKS`, which holds all of them in this order, and `row::NAME` for each row, which the step passes to
/// [`Results::check`]. A row that is never used does not compile.
macro_rules! checks {
    ($($name:ident = $part:ident, $id:literal, $title:literal, $lesson_section:literal $(, needs $needed:ident)?;)+) => {
        pub const CHECKS: &[$crate::check::Check] = &[$(table::$name),+];

        // Separate from `row`, so that being listed in `CHECKS`, or needed by another row, does not count as being used.
        mod table {
            use $crate::check::{Check, Part};
            $(pub const $name: Check = Check {
                id: $id,
                part: Part::$part,
                title: $title,
                needs: [$(Some(&$needed),)? None][0],
                lesson_section: $lesson_section,
            };)+
        }

        mod row {
            use $crate::check::Check;
            $(#[deny(dead_code)] pub const $name: &Check = &super::table::$name;)+
        }
    };
}
pub(crate) use checks;

/// How a check ended.
#[derive(Debug)]
pub enum Outcome {
    Passed,
    Failed(Failure),
    /// What it needs has not passed.
    NotRun,
    /// The machine does not allow it: why, in one line, with the remedy.
    Blocked(String),
}

/// What a learner is told about a check that failed.
#[derive(Debug)]
pub struct Failure {
    /// What was expected.
    pub expected: String,
    /// What came back: the real bytes, truncated.
    pub found: String,
    /// How to reproduce it.
    pub how: String,
    /// The likely cause, where one can be named.
    pub perhaps: Option<String>,
    /// A file that `how` needs.
    pub file: Option<Box<TestFile>>,
}

/// A file with which another tool shows what was found.
#[derive(Debug)]
pub struct TestFile {
    /// Relative to the root of the repository.
    pub path: String,
    pub text: String,
}

impl TestFile {
    /// Writes it below `root`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, root: &Path) -> io::Result<()> {
        let path = root.join(&self.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, &self.text)
    }
}

impl Failure {
    /// Without a likely cause; see [`Failure::perhaps`].
    pub fn new(
        expected: impl Into<String>,
        found: impl Into<String>,
        how: impl Into<String>,
    ) -> Failure {
        Failure {
            expected: expected.into(),
            found: found.into(),
            how: how.into(),
            perhaps: None,
            file: None,
        }
    }

    /// With the likely cause.
    pub fn perhaps(self, cause: impl Into<String>) -> Failure {
        self.perhaps_if(Some(cause))
    }

    /// With this likely cause, unless a better one is named already.
    pub fn or_perhaps(self, cause: &str) -> Failure {
        match self.perhaps {
            Some(_) => self,
            None => self.perhaps(cause),
        }
    }

    /// With the likely cause, where one can be named.
    pub fn perhaps_if(self, cause: Option<impl Into<String>>) -> Failure {
        Failure {
            perhaps: cause.map(Into::into),
            ..self
        }
    }
}
