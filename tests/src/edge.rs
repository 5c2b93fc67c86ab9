//! The built Worker on workerd, and a client that talks to it.
//!
//! An [`Edge`] is one workerd process group with its own port, its own disk state and its own log. It can be killed the hard
//! way and started again on the same disk, which is how durability is tested. A [`Client`] keeps its connections and hands
//! back any status as an answer.

mod client;
mod config;
mod failure;
mod group;

pub use client::{Answer, Client};
pub use failure::Failure;

use group::Group;
use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The key of development and tests. It opens nothing but a Worker on the machine it runs on.
pub const DEVELOPMENT_KEY: &str = "oms_dev_estiba_local_only_0001";
/// SHA-256 of [`DEVELOPMENT_KEY`]: a Worker knows keys by their hash only.
pub const DEVELOPMENT_KEY_SHA256: &str = "eb33b1e7dab2bcb70f3318da0816f309a39f7069b7cec9d50f3e2e29764ea8d1";
/// How many objects of each kind serve the development tenant: as few as its traffic needs, as everywhere.
pub const DEVELOPMENT_TOPOLOGY: u16 = 1;
/// How many serve a tenant of tests, so that the lines of an order live in several.
pub const TEST_TOPOLOGY: u16 = 8;

/// Names the folder of the built Worker: `index.js` and `index_bg.wasm`. Without it, `build/` of this repository.
pub const WORKER_VARIABLE: &str = "ESTIBA_WORKER";

/// A started workerd answers within this, or it never will.
const START_LIMIT: Duration = Duration::from_secs(30);
/// One question to a starting workerd waits this long: a connection can be taken and never be served.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often a starting workerd is asked.
const POLL: Duration = Duration::from_millis(20);

/// How an [`Edge`] is to be.
#[derive(Clone, Debug)]
pub struct EdgeOptions {
    /// Objects of each kind that serve the tenant: a power of two, 1 to 256.
    pub topology: u16,
    /// Where its state is kept. `None`: a folder that lives as long as the [`Edge`].
    pub disk: Option<PathBuf>,
    /// Variables of the Worker besides its keys.
    pub variables: Vec<(String, String)>,
    /// A JavaScript module with a Durable Object class `Bare` that runs in the same process, bound as `BARE`, on a port of
    /// its own: what a benchmark compares with.
    pub neighbor: Option<PathBuf>,
}

impl Default for EdgeOptions {
    fn default() -> Self {
        Self { topology: TEST_TOPOLOGY, disk: None, variables: Vec::new(), neighbor: None }
    }
}

/// A running workerd. Dropped, it is killed.
#[derive(Debug)]
pub struct Edge {
    /// Config, copied Worker, log, and the disk state unless it is kept elsewhere.
    folder: tempfile::TempDir,
    workerd: PathBuf,
    port: u16,
    neighbor: Option<u16>,
    process: Option<Group>,
    starts: u32,
}

impl Edge {
    /// Starts the built Worker and waits until it answers.
    pub fn start(options: EdgeOptions) -> Result<Self, Failure> {
        let folder = tempfile::Builder::new().prefix("estiba-edge-").tempdir()?;
        let disk = options.disk.unwrap_or_else(|| folder.path().join("disk"));
        fs::create_dir_all(&disk)?;
        let port = free_port()?;
        let worker = worker_folder();
        for name in config::MODULES {
            let from = worker.join(name);
            fs::copy(&from, folder.path().join(name)).map_err(|error| {
                Failure::new(format!("{}: {error}; build it with `cargo xtask build worker`", from.display()))
            })?;
        }
        let neighbor = options.neighbor.map(|script| copy_neighbor(&script, folder.path())).transpose()?;
        let mut variables = options.variables;
        variables.push(("ESTIBA_KEYS".to_owned(), development_keys(options.topology)));
        let text = config::render(port, &disk.canonicalize()?, &variables, neighbor);
        fs::write(folder.path().join("config.capnp"), text)?;
        let mut edge = Self { folder, workerd: workerd()?, port, neighbor, process: None, starts: 0 };
        edge.launch()?;
        Ok(edge)
    }

    /// `http://127.0.0.1:PORT`, the same over restarts.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Where the neighbor answers, if there is one.
    #[must_use]
    pub fn neighbor_url(&self) -> Option<String> {
        self.neighbor.map(|port| format!("http://127.0.0.1:{port}"))
    }

    /// A client with the development key.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(&self.base_url(), Some(DEVELOPMENT_KEY))
    }

    /// The process id of workerd while it runs.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        self.process.as_ref().map(Group::id)
    }

    /// SIGKILL to the whole process group, and its end. What was not on disk is lost: that is the point.
    pub fn kill(&mut self) -> Result<(), Failure> {
        Ok(self.process.take().map_or(Ok(()), Group::kill)?)
    }

    /// Starts again on the same disk and port, killing what still runs.
    pub fn restart(&mut self) -> Result<(), Failure> {
        self.kill()?;
        self.launch()
    }

    /// Everything workerd and the Worker have printed, over all starts.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read(self.log_path()).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("workerd.log")
    }

    fn launch(&mut self) -> Result<(), Failure> {
        let log = File::options().create(true).append(true).open(self.log_path())?;
        let mut command = Command::new(&self.workerd);
        command.current_dir(self.folder.path()).args(["serve", "config.capnp"]);
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        self.process = Some(Group::start(&mut command)?);
        self.starts += 1;
        self.wait_until_healthy()
    }

    fn wait_until_healthy(&mut self) -> Result<(), Failure> {
        let started = Instant::now();
        let client = Client::with_limit(&self.base_url(), None, PATIENCE);
        loop {
            if client.call("GET", "/v1/health", &[], None).is_ok_and(|answer| answer.status == 200) {
                return Ok(());
            }
            let ended = self.process.as_mut().map(Group::ended).transpose()?.flatten();
            if let Some(status) = ended {
                return Err(Failure::new(format!(
                    "workerd ended with {status} at start {}:\n{}",
                    self.starts,
                    self.log()
                )));
            }
            if started.elapsed() > START_LIMIT {
                return Err(Failure::new(format!("workerd did not answer in {START_LIMIT:?}:\n{}", self.log())));
            }
            std::thread::sleep(POLL);
        }
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        let _ = self.kill();
        if std::thread::panicking() {
            eprintln!("--- the log of workerd ---\n{}", self.log());
        }
    }
}

/// The value of `ESTIBA_KEYS` that knows the development key.
#[must_use]
pub fn development_keys(topology: u16) -> String {
    serde_json::json!([{
        "key_sha256": DEVELOPMENT_KEY_SHA256,
        "tenant": "demo",
        "topology": topology,
        "name": "development",
    }])
    .to_string()
}

/// The workerd program that npm installed, without a shell or Node in between.
pub fn workerd() -> Result<PathBuf, Failure> {
    let program = repository().join("node_modules/workerd/bin/workerd");
    if program.is_file() {
        return Ok(program);
    }
    Err(Failure::new("workerd is missing: install it with `cargo xtask tools`"))
}

fn worker_folder() -> PathBuf {
    std::env::var_os(WORKER_VARIABLE).map_or_else(|| repository().join("build"), PathBuf::from)
}

fn repository() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_path_buf()
}

fn copy_neighbor(script: &Path, folder: &Path) -> Result<u16, Failure> {
    fs::copy(script, folder.join(config::NEIGHBOR))?;
    free_port()
}

fn free_port() -> Result<u16, Failure> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    Ok(listener.local_addr()?.port())
}
