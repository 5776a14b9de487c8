//! A child process that is started with its output piped to us, and ended together with everything that it has started.

use std::{
    io,
    process::{Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use process_wrap::std::{ChildWrapper, CommandWrap};

use crate::harness::{cleanup::CleanupGuard, leftovers::Mark, poll};

/// How long a program that was asked to end may clean up.
const END_LIMIT: Duration = Duration::from_secs(10);
const END_PACE: Duration = Duration::from_millis(10);

/// A child process, shared by the code that follows it and the code that may have to end it.
pub type Child = Arc<Mutex<Box<dyn ChildWrapper>>>;

/// Starts `command` without input and with both outputs piped to us. Also returns the guard that ends it.
///
/// # Errors
/// The reason why it cannot be started: `NotFound` if there is no such program.
pub fn spawn(command: Command) -> io::Result<(Child, CleanupGuard)> {
    guarded(command, start)
}

/// [`spawn`], but stderr is inherited, so that its output is visible at once.
///
/// # Errors
/// Those of [`spawn`].
pub fn spawn_aloud(command: Command) -> io::Result<(Child, CleanupGuard)> {
    guarded(command, start_aloud)
}

/// [`spawn`], but all output is inherited. Its guard asks it to end before killing it, so that it can end processes of its own.
///
/// # Errors
/// Those of [`spawn`].
pub fn spawn_visible(mut command: Command) -> io::Result<(Child, CleanupGuard)> {
    command.stdin(Stdio::null());
    let mark = Mark::new(&mut command);
    CleanupGuard::of(|| {
        let child = grouped(command)?;
        let ended = Arc::clone(&child);
        let end = move || {
            request_end(&ended);
            poll::is_done(END_LIMIT, END_PACE, || exit_status(&ended).is_some());
            kill(&ended);
            mark.kill();
        };
        Ok((child, end))
    })
}

#[cfg(unix)]
fn request_end(child: &Child) {
    use nix::sys::signal::Signal;
    // It may have ended already.
    let _ = lock(child).signal(Signal::SIGTERM as i32);
}

#[cfg(not(unix))]
fn request_end(_child: &Child) {}

fn guarded(
    mut command: Command,
    start: fn(Command) -> io::Result<Child>,
) -> io::Result<(Child, CleanupGuard)> {
    let mark = Mark::new(&mut command);
    CleanupGuard::of(|| {
        let child = start(command)?;
        let ended = Arc::clone(&child);
        let end = move || {
            kill(&ended);
            mark.kill();
        };
        Ok((child, end))
    })
}

/// [`spawn`] for commands that clean up, and must run when nothing else may be started any more.
///
/// # Errors
/// Those of [`spawn`].
pub fn start(mut command: Command) -> io::Result<Child> {
    command.stderr(Stdio::piped());
    start_aloud(command)
}

fn start_aloud(mut command: Command) -> io::Result<Child> {
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    grouped(command)
}

fn grouped(command: Command) -> io::Result<Child> {
    let mut command = CommandWrap::from(command);
    // A process group of its own: the processes that it starts (docker runs its plugins as processes) must end with it, and
    // Ctrl-C must reach only us.
    #[cfg(unix)]
    command.wrap(process_wrap::std::ProcessGroup::leader());
    #[cfg(windows)]
    command.wrap(process_wrap::std::JobObject);
    Ok(Arc::new(Mutex::new(command.spawn()?)))
}

/// Kills it at once, with its group.
pub fn kill(child: &Child) {
    // The only error is that it has already ended.
    let _ = lock(child).kill();
}

/// Its exit status, if it has ended.
pub fn exit_status(child: &Child) -> Option<ExitStatus> {
    lock(child).try_wait().ok().flatten()
}

pub fn lock(child: &Child) -> MutexGuard<'_, Box<dyn ChildWrapper>> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}
