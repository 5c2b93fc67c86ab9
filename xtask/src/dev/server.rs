//! Wrangler as a child: started, waited for, watched, and stopped with everything it started.

use crate::tools::Tools;
use crate::{paths, run, ui};
use anyhow::{Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use oms_tests::edge::Client;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Wrangler answers within this, or it never will. It may build the Worker first.
const START_LIMIT: Duration = Duration::from_mins(5);
/// Time for an orderly end before the process group is killed.
const STOP_LIMIT: Duration = Duration::from_secs(5);
/// One question to a starting server waits this long: wrangler takes connections before it can serve them.
const PATIENCE: Duration = Duration::from_secs(1);
/// How wrangler begins an error, colors or not.
const ERROR_MARK: &str = "\u{2718} ";
const POLL: Duration = Duration::from_millis(100);

pub struct Server {
    process: Child,
    port: u16,
    log: PathBuf,
    shown: u64,
    stopped: bool,
}

/// Said before anything long is begun.
pub fn require_free(port: u16) -> Result<()> {
    if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_err() {
        bail!("port {port} is taken, perhaps by another `cargo xtask dev`; choose one with --port");
    }
    Ok(())
}

impl Server {
    pub fn start(tools: &Tools, port: u16, state: &Path, stop: &AtomicBool) -> Result<Self> {
        let log = paths::scratch("logs").join("wrangler.log");
        fs::create_dir_all(paths::scratch("logs"))?;
        let mut command = Command::new(paths::node_bin("wrangler"));
        command.args(["dev", "--ip", "127.0.0.1", "--show-interactive-dev-session=false", "--inspector-port", "0"]);
        command.args(["--port", &port.to_string(), "--persist-to"]).arg(state);
        command.env("PATH", tools.path_variable()?).env("WRANGLER_SEND_METRICS", "false").env("NO_COLOR", "1");
        // The request's place is not looked up: that would need a network.
        command.env("CLOUDFLARE_CF_FETCH_ENABLED", "false").process_group(0);
        let process = run::spawn(&mut command, &log)?;
        let mut server = Self { process, port, log, shown: 0, stopped: false };
        server.wait_until_healthy(stop)?;
        Ok(server)
    }

    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// An error when wrangler has ended by itself.
    pub fn check_alive(&mut self) -> Result<()> {
        let Some(status) = self.process.try_wait()? else { return Ok(()) };
        run::print_end(&fs::read_to_string(&self.log).unwrap_or_default());
        bail!("wrangler ended with {status}; the whole log is {}", self.log.display())
    }

    /// What was logged until now is not shown: nobody waits for the requests of the demo data.
    pub fn skip_lines(&mut self) {
        self.shown = fs::metadata(&self.log).map_or(self.shown, |data| data.len());
    }

    /// Prints what wrangler and the Worker have logged since the last call.
    pub fn show_new_lines(&mut self) {
        let mut text = Vec::new();
        let read = File::open(&self.log).and_then(|mut file| {
            file.seek(SeekFrom::Start(self.shown))?;
            file.read_to_end(&mut text)
        });
        if read.is_ok() {
            self.shown += text.len() as u64;
            print!("{}", String::from_utf8_lossy(&text));
        }
    }

    /// SIGINT as from a terminal, then, when that was not enough, SIGKILL; to wrangler and to the workerd it started.
    pub fn stop(mut self) -> Result<()> {
        self.end()
    }

    fn end(&mut self) -> Result<()> {
        self.stopped = true;
        let group = Pid::from_raw(self.process.id().cast_signed());
        let asked = Instant::now();
        let _ = killpg(group, Signal::SIGINT);
        while self.process.try_wait()?.is_none() && asked.elapsed() < STOP_LIMIT {
            std::thread::sleep(POLL);
        }
        let _ = killpg(group, Signal::SIGKILL);
        self.process.wait()?;
        Ok(())
    }

    fn wait_until_healthy(&mut self, stop: &AtomicBool) -> Result<()> {
        let mut step = ui::Step::start("starting wrangler");
        let client = Client::with_limit(&self.base_url(), None, PATIENCE);
        while !stop.load(Ordering::SeqCst) {
            if client.get("/v1/health").is_ok_and(|answer| answer.status == 200) {
                step.done("");
                return Ok(());
            }
            self.check_alive()?;
            let log = fs::read_to_string(&self.log).unwrap_or_default();
            // After an error wrangler stays and waits for an edit; we do not.
            if log.contains(ERROR_MARK) || step.elapsed() > START_LIMIT {
                step.failed("");
                run::print_end(&log);
                bail!("wrangler did not start; the whole log is {}", self.log.display());
            }
            step.tick("");
            std::thread::sleep(POLL);
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if !self.stopped {
            let _ = self.end();
        }
    }
}
