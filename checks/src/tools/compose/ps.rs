//! The output of `docker compose ps --all --format json`.

use serde::Deserialize;

/// One container.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "PascalCase")]
pub struct Row {
    pub service: String,
    /// `created`, `running`, `exited`, `restarting`, …
    pub state: String,
    /// `starting`, `healthy` or `unhealthy`; empty without a HEALTHCHECK.
    #[serde(default)]
    pub health: String,
    #[serde(default)]
    pub exit_code: i32,
    publishers: Option<Vec<Publisher>>,
}

/// The port of this machine that is mapped to a port of the container; 0 if none is.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "PascalCase")]
struct Publisher {
    published_port: u16,
}

impl Row {
    /// Whether `port` of this machine is mapped to a port of the container.
    pub fn publishes(&self, port: u16) -> bool {
        self.publishers
            .iter()
            .flatten()
            .any(|publisher| publisher.published_port == port)
    }
}

/// Parses both formats: one object per line, and the single array of Compose before 2.21.
pub fn read(output: &str) -> serde_json::Result<Vec<Row>> {
    let output = output.trim();
    if output.starts_with('[') {
        serde_json::from_str(output)
    } else {
        output.lines().map(serde_json::from_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Row, read};

    /// The output of Compose 2.26 for a service beside a database.
    const LINES: &str = include_str!("fixtures/ps-lines.json");
    /// The same fields in the output of Compose 2.20.
    const ARRAY: &str = include_str!("fixtures/ps-array.json");

    #[test]
    fn both_shapes_say_the_same() -> serde_json::Result<()> {
        let lines = read(LINES)?;
        assert_eq!(lines, read(ARRAY)?);
        let [app, db] = lines.as_slice() else {
            panic!("two containers, not {lines:?}");
        };
        assert_eq!(
            (app.service.as_str(), app.health.as_str()),
            ("app", "healthy")
        );
        assert!(app.publishes(20999) && !app.publishes(8000));
        assert_eq!((db.state.as_str(), db.exit_code), ("exited", 137));
        Ok(())
    }

    #[test]
    fn nothing_is_no_container_in_either_shape() -> serde_json::Result<()> {
        assert_eq!(read("")?, Vec::<Row>::new());
        assert_eq!(read("[]\n")?, Vec::<Row>::new());
        Ok(())
    }
}
