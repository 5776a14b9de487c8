//! Whether somebody on the way may store an answer.

use super::Question;
use crate::{
    check::Failure,
    harness::{
        http::{Answer, status_line},
        text::printable,
    },
};

impl Question<'_> {
    /// Expects `Cache-Control: no-store`, and no header beside it that lets some proxies store the answer all the same.
    pub fn expect_no_store(&self, answer: &Answer) -> Result<(), Failure> {
        let given = answer.header("cache-control").unwrap_or_default();
        if says(&given, "no-store") {
            return self.expect_no_other_cache_control(answer);
        }
        let expected = format!(
            "cache-control: no-store   (on {})",
            status_line(answer.status)
        );
        Err(self
            .failure(expected, answer.to_string())
            .perhaps(match given.as_str() {
                "" => "no Cache-Control is set".to_owned(),
                misspelt if misspelt.to_lowercase().replace(['_', ' '], "-") == "no-store" => {
                    format!("{misspelt:?} is no directive: no-store has a hyphen")
                }
                _ => format!("{given:?} lets a proxy keep it, if only to ask again later"),
            }))
    }

    /// The headers of RFC 9213 (`CDN-Cache-Control` and its like), and the `Surrogate-Control` before it. They are about caches that many
    /// share, and so `private` forbids storing, too.
    fn expect_no_other_cache_control(&self, answer: &Answer) -> Result<(), Failure> {
        let other = answer.headers.iter().find(|(name, value)| {
            (name.ends_with("-cache-control") || name == "surrogate-control")
                && !says(value, "no-store")
                && !says(value, "private")
        });
        let Some((name, value)) = other else {
            return Ok(());
        };
        let expected = format!("cache-control: no-store, and no {name} that says otherwise");
        let found = format!("cache-control: no-store, and {name}: {}", printable(value));
        Err(self.failure(expected, found).perhaps(format!(
            "proxies that know {name} obey it instead of cache-control, and store the answer"
        )))
    }
}

/// Whether the value of a header such as `Cache-Control` has this directive.
fn says(value: &str, wanted: &str) -> bool {
    let mut directives = value.split(',');
    directives.any(|directive| directive.trim().eq_ignore_ascii_case(wanted))
}
