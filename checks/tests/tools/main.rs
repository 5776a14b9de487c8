//! External programs that the self-check relies on, where this machine has them: Prometheus with promtool, Alertmanager with
//! amtool. The dashboard's rules need none of them.

mod alertmanager;
#[path = "../common/mod.rs"]
mod common;
mod dashboard;
mod dashboard_lint;
mod exposition;
mod panels;

use std::process::ExitCode;

use common::suite::Suite;

/// Each test starts one or two servers.
const AT_A_TIME: usize = 4;

fn main() -> ExitCode {
    let mut suite = Suite::new(AT_A_TIME);
    exposition::add(&mut suite);
    alertmanager::add(&mut suite);
    dashboard::add(&mut suite);
    dashboard_lint::add(&mut suite);
    suite.run()
}
