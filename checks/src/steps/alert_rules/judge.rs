//! What must come of each scene, and what the learner is told when it does not.

mod table;

use table::{ENDS, VERDICTS};

use super::{
    behaviour::{Alert, Played, Seen},
    scenes::Scene,
    world::JOB,
};
use crate::check::Failure;

/// What must come of a scene.
enum Must {
    /// Somebody is told.
    Fire,
    /// Nobody is told.
    BeSilent,
    /// Nobody is told about this service; about another one, as they like.
    BeSilentHere,
    /// Whoever is told, is told which service it is.
    NameTheService,
    /// Somebody is woken.
    Page,
    /// Whatever fired has ended half an hour later.
    End,
}
use Must::{BeSilent, BeSilentHere, End, Fire, NameTheService, Page};

/// A check, what must come of which scenes, and what may be behind it when it does not.
struct Verdict {
    id: &'static str,
    scenes: &'static [(Must, &'static Scene)],
    perhaps: &'static str,
}

/// Whatever fires while all is well makes the others mean nothing.
pub const FIRST: &str = "alert-rules.is-silent-when-well";

/// The ids of all these checks, in their order.
pub fn ids() -> impl Iterator<Item = &'static str> {
    VERDICTS.iter().chain([&ENDS]).map(|verdict| verdict.id)
}

/// Whether what must come of the scenes of `id` has come.
pub fn judge(id: &str, played: &Played) -> Result<(), Failure> {
    let all = VERDICTS.iter().chain([&ENDS]);
    for verdict in all.filter(|verdict| verdict.id == id) {
        for (must, scene) in verdict.scenes {
            if let Err((expected, found)) = must.hold(played.of(scene)) {
                return Err(Failure {
                    expected: format!("{expected} {}", scene.what),
                    found,
                    how: format!(
                        "a test for promtool test rules, with such series:\n{}",
                        scene.how
                    ),
                    perhaps: Some(verdict.perhaps.to_owned()),
                });
            }
        }
    }
    Ok(())
}

impl Must {
    /// Otherwise what was expected, and what was found.
    fn hold(&self, seen: &Seen) -> Result<(), (&'static str, String)> {
        let here = |alert: &&Alert| alert.job.is_empty() || alert.job == JOB;
        let fired = || seen.fired.iter();
        match self {
            Fire if seen.fired.is_empty() => Err(("an alert while", never(seen))),
            BeSilent if !seen.fired.is_empty() => {
                Err(("silence while", format!("{} fired", names(fired()))))
            }
            BeSilentHere if fired().any(|alert| here(&alert)) => Err((
                "silence about this service while",
                format!("{} fired", names(fired().filter(here))),
            )),
            NameTheService => match fired().find(|alert| alert.job != JOB) {
                Some(alert) if alert.job.is_empty() => Err((
                    "an alert with the label job=\"app\" while",
                    format!("{} has no label job", alert.name),
                )),
                Some(alert) => Err((
                    "an alert with the label job=\"app\" while",
                    format!("{} has job=\"{}\"", alert.name, alert.job),
                )),
                None => Ok(()),
            },
            // If nothing fired, another check has said so.
            Page if !seen.fired.is_empty() && !fired().any(|alert| alert.severity == "page") => {
                Err((
                    "an alert with severity: page while",
                    format!("{} fired, with severity: ticket", names(fired())),
                ))
            }
            End if !seen.still.is_empty() => Err((
                "no alert any more, half an hour after the end of this:",
                format!("{} still fires", names(seen.still.iter())),
            )),
            _ => Ok(()),
        }
    }
}

/// Why nothing fired, as far as can be seen.
fn never(seen: &Seen) -> String {
    match seen.pending.as_slice() {
        [] => "nothing fired".to_owned(),
        pending => format!(
            "nothing fired; {} was pending, and never for as long as its `for`",
            names(pending.iter())
        ),
    }
}

fn names<'a>(alerts: impl Iterator<Item = &'a Alert>) -> String {
    let mut names: Vec<&str> = alerts.map(|alert| alert.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.join(", ")
}
