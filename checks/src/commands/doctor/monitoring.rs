//! Prometheus and Alertmanager, with their tools: on the PATH, or in their images.

use super::{Finding, NOTIFYING_STEPS, RULE_STEPS, State, remedies};
use crate::tools::{
    alertmanager::NAMES,
    container::{ALERTMANAGER, Image, PROMETHEUS},
    source::Source,
    system::Remedy,
};

/// What the drill needs on the PATH when Docker is not to be used.
const DRILL: &str = "the drill";

/// A program, and the image that has it, too.
struct Program {
    name: &'static str,
    /// The names of its executable file: Debian has its own for one of them.
    names: &'static [&'static str],
    image: &'static Image,
    install: &'static Remedy,
}

const PROMTOOL: Program = Program {
    name: "promtool",
    names: &["promtool"],
    image: &PROMETHEUS,
    install: &remedies::PROMETHEUS,
};

const ROUTER: Program = Program {
    name: "alertmanager",
    names: &NAMES,
    image: &ALERTMANAGER,
    install: &remedies::ALERTMANAGER,
};

const AMTOOL: Program = Program {
    name: "amtool",
    names: &["amtool"],
    ..ROUTER
};

/// What the last steps are checked with. Docker is asked only if it is `usable`.
pub fn findings(usable: bool) -> Vec<Finding> {
    vec![
        needed(&PROMTOOL, &RULE_STEPS, usable),
        needed(&ROUTER, &NOTIFYING_STEPS, usable),
        needed(&AMTOOL, &NOTIFYING_STEPS, usable),
        prometheus(),
    ]
}

fn needed(program: &Program, steps: &'static str, usable: bool) -> Finding {
    let Program {
        name,
        names,
        image,
        install,
    } = program;
    if Source::on_path(name, names).is_ok() {
        return Finding::new(name, steps, "on the PATH", State::Fine);
    }
    if usable && Source::image("its", image).is_ok() {
        return Finding::new(name, steps, format!("in {}", image.name), State::Fine);
    }
    let install = install.here();
    let remedy = format!("{install}\nor, with Docker: docker pull {}", image.name);
    let found = "neither on the PATH nor in an image";
    Finding::new(name, steps, found, State::Missing(remedy))
}

fn prometheus() -> Finding {
    match Source::on_path("prometheus", &["prometheus"]) {
        Ok(_) => Finding::new("prometheus", DRILL, "on the PATH", State::Fine),
        Err(_) => {
            let found = "not on the PATH: `drill --native` needs it";
            Finding::new("prometheus", DRILL, found, State::Open)
        }
    }
}
