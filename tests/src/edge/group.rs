//! A program in a process group of its own that does not outlive us, however we end.

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};

/// Reads until its input ends, which is when we end, also by a signal; then it kills its group, and itself with it.
const WATCHDOG: &str = "read -r _; kill -KILL 0";

#[derive(Debug)]
pub(super) struct Group {
    leader: Child,
    /// In the same group. We hold the other end of its input.
    watchdog: Child,
}

impl Group {
    pub(super) fn start(command: &mut Command) -> io::Result<Self> {
        let leader = command.process_group(0).spawn()?;
        let mut watchdog = Command::new("sh");
        watchdog.args(["-c", WATCHDOG]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let watchdog = watchdog.process_group(leader.id().cast_signed()).spawn()?;
        Ok(Self { leader, watchdog })
    }

    pub(super) fn id(&self) -> u32 {
        self.leader.id()
    }

    /// How the program ended, if it has.
    pub(super) fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.leader.try_wait()
    }

    /// SIGKILL to everything in the group, and its end.
    pub(super) fn kill(mut self) -> io::Result<()> {
        // An error says that nobody is left to kill.
        let _ = killpg(Pid::from_raw(self.leader.id().cast_signed()), Signal::SIGKILL);
        self.leader.wait()?;
        self.watchdog.wait()?;
        Ok(())
    }
}
