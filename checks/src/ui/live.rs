//! The lines of a report as the checks end. On a terminal one more line shows what is being checked, and for how long already.

use std::{
    io::{IsTerminal, stdout},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    thread,
    time::{Duration, Instant},
};

use super::{
    report, say,
    style::{BOLD, DIM},
};
use crate::{
    check::{Check, Observer, Outcome, Part},
    course::Step,
    harness::terminal,
    verify::{Finding, StepReport},
};

/// The refresh interval of the line that shows what is being checked.
const TICK: Duration = Duration::from_secs(1);

/// Moves to the first column and erases the line.
const ERASE_LINE: &str = "\r\x1b[2K";

const EXTRAS: &str = "Extras";

/// Prints the report on one step while it is being made.
pub struct Live {
    step: &'static Step,
    /// Whether there is a line that can be written again and again.
    terminal: bool,
    shown: Mutex<Shown>,
}

#[derive(Default)]
struct Shown {
    running: Vec<(&'static Check, Instant)>,
    printed: Vec<&'static str>,
    /// Lines of extras, which follow those of the core.
    held: String,
    /// The core has been printed, and the heading of the extras.
    extras: bool,
}

impl Live {
    /// Prints the heading.
    pub fn start(step: &'static Step) -> Arc<Live> {
        say(&report::heading(step));
        let live = Arc::new(Live {
            step,
            terminal: stdout().is_terminal(),
            shown: Mutex::default(),
        });
        if live.terminal {
            tick(Arc::downgrade(&live));
        }
        live
    }

    /// Prints what was not printed yet: the checks that were not run, and the failure in full.
    pub fn finish(&self, report: &StepReport) {
        let mut shown = self.lock();
        shown.running.clear();
        self.erase();
        if let Finding::Checked(outcomes) = &report.finding {
            let rest = |part| {
                let rest = outcomes
                    .iter()
                    .filter(|(check, _)| check.part == part && !shown.printed.contains(&check.id));
                let line = |(check, outcome): &(&'static Check, Outcome)| {
                    report::line(check, outcome, report::stops(outcomes, check))
                };
                rest.map(line).collect::<String>()
            };
            let (core, extra) = (rest(Part::Core), rest(Part::Extra));
            say(&core);
            if report.failed() && !report.extras {
                say(&report::extras_wait(report));
            } else {
                self.begin_extras(&mut shown);
                say(&extra);
            }
        }
        say(&report::details(report));
    }

    fn begin_extras(&self, shown: &mut Shown) {
        let any = self.step.checks.iter().any(|check| !check.is_core());
        if any && !shown.extras {
            shown.extras = true;
            say(&format!(
                "  {BOLD}{EXTRAS}{BOLD:#}\n{}",
                std::mem::take(&mut shown.held)
            ));
        }
    }

    /// The line about the check that was begun last, on a terminal.
    fn show_running(&self, shown: &Shown) {
        if let (true, Some((check, began))) = (self.terminal, shown.running.last()) {
            let seconds = began.elapsed().as_secs();
            let time = if seconds == 0 {
                String::new()
            } else {
                format!("   {seconds} s")
            };
            let line = format!("  … {}{time}", check.title);
            // What goes on in the next row could not be erased. The terminal may have become narrower meanwhile.
            let room = terminal::columns(stdout()).map_or(usize::MAX, |columns| columns - 1);
            let line: String = line.chars().take(room).collect();
            say(&format!("{ERASE_LINE}{DIM}{line}{DIM:#}"));
        }
    }

    fn erase(&self) {
        if self.terminal {
            say(ERASE_LINE);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Live {
    fn began(&self, check: &'static Check) {
        let mut shown = self.lock();
        shown.running.push((check, Instant::now()));
        self.show_running(&shown);
    }

    fn ended(&self, check: &'static Check, outcome: &Outcome) {
        let mut shown = self.lock();
        shown.running.retain(|(running, _)| running.id != check.id);
        shown.printed.push(check.id);
        let line = report::line(check, outcome, None);
        self.erase();
        if check.is_core() || shown.extras {
            say(&line);
        } else {
            shown.held += &line;
        }
        let core = self.step.checks.iter().filter(|check| check.is_core());
        if core
            .into_iter()
            .all(|check| shown.printed.contains(&check.id))
        {
            self.begin_extras(&mut shown);
        }
        self.show_running(&shown);
    }
}

/// Counts the seconds until the report is finished.
fn tick(live: Weak<Live>) {
    thread::spawn(move || {
        loop {
            thread::sleep(TICK);
            let Some(live) = live.upgrade() else { return };
            live.show_running(&live.lock());
        }
    });
}
