//! A program that is killed just before one of its changes on the disk: a file made, written, synced or renamed.

use std::process::{Command, Stdio};

use anyhow::{Context, bail, ensure};
use nix::{
    libc::{self, c_long},
    sys::{
        ptrace::{self, Options},
        signal::{Signal, kill},
        wait::{WaitPidFlag, WaitStatus, waitpid},
    },
    unistd::Pid,
};

/// Waits until it is followed, and then becomes the program.
const WAITING: &str = r#"kill -STOP $$; exec "$0" "$@""#;

/// What the processor's register holds at the beginning of a call of the kernel, and at its end only if there is no such call.
const BEGINS: i64 = -(libc::ENOSYS as i64);

/// Kills `command` before change `number`, counted from 0. Returns whether it was killed; if not, it has come to its end and has
/// succeeded, because it makes fewer changes.
pub fn at_change(command: &Command, number: usize) -> anyhow::Result<bool> {
    let mut child = waiting(command).spawn()?;
    let process = Pid::from_raw(i32::try_from(child.id())?);
    let followed = follow(process, number);
    // Also after an error. It may have ended already.
    let _ = child.kill();
    let status = child.wait();
    match followed? {
        End::Killed => Ok(true),
        End::Exited(0) => Ok(false),
        End::Exited(code) => bail!("exit code {code}, {status:?}"),
    }
}

enum End {
    Killed,
    Exited(i32),
}

fn waiting(command: &Command) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", WAITING]).arg(command.get_program());
    shell.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        shell.current_dir(folder);
    }
    for stream in [Command::stdin, Command::stdout, Command::stderr] {
        stream(&mut shell, Stdio::null());
    }
    shell
}

fn follow(process: Pid, number: usize) -> anyhow::Result<End> {
    let stopped = waitpid(process, Some(WaitPidFlag::WUNTRACED))?;
    ensure!(matches!(stopped, WaitStatus::Stopped(..)), "{stopped:?}");
    ptrace::attach(process).context("cannot follow it")?;
    waitpid(process, None)?;
    ptrace::setoptions(
        process,
        Options::PTRACE_O_TRACESYSGOOD | Options::PTRACE_O_EXITKILL,
    )?;
    kill(process, Signal::SIGCONT)?;
    let (mut signal, mut changes) = (None, 0);
    loop {
        ptrace::syscall(process, signal.take())?;
        match waitpid(process, None)? {
            WaitStatus::PtraceSyscall(_) if begins_a_change(process)? => {
                if changes == number {
                    kill(process, Signal::SIGKILL)?;
                    return Ok(End::Killed);
                }
                changes += 1;
            }
            WaitStatus::PtraceSyscall(_) => {}
            // The first is ours, and the other says that it has become the program.
            WaitStatus::Stopped(_, Signal::SIGSTOP | Signal::SIGTRAP) => {}
            WaitStatus::Stopped(_, other) => signal = Some(other),
            WaitStatus::Exited(_, code) => return Ok(End::Exited(code)),
            other => bail!("{other:?}"),
        }
    }
}

fn begins_a_change(process: Pid) -> nix::Result<bool> {
    let registers = ptrace::getregs(process)?;
    if registers.rax.cast_signed() != BEGINS {
        return Ok(false);
    }
    let [first, third] = [registers.rdi, registers.rdx].map(u64::cast_signed);
    Ok(match c_long::try_from(registers.orig_rax) {
        // Not to the terminal.
        Ok(libc::SYS_write | libc::SYS_pwrite64 | libc::SYS_writev) => first > 2,
        Ok(libc::SYS_openat) => {
            third & i64::from(libc::O_WRONLY | libc::O_RDWR | libc::O_CREAT) != 0
        }
        Ok(
            libc::SYS_rename
            | libc::SYS_renameat
            | libc::SYS_renameat2
            | libc::SYS_mkdir
            | libc::SYS_mkdirat
            | libc::SYS_unlink
            | libc::SYS_unlinkat
            | libc::SYS_fsync
            | libc::SYS_fdatasync
            | libc::SYS_ftruncate,
        ) => true,
        _ => false,
    })
}
