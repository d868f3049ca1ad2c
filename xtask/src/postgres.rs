//! A throw-away PostgreSQL for the tests: started on a free port with its data
//! in a temporary folder, gone when the value is dropped. A test may stop it:
//! a moment later it is started again, as a service manager would do it.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::install::debian::is_root;
use crate::run::{on_path, run};
use crate::stopwatch::Stopwatch;

/// Where tests find the database: `postgres://...`.
pub const VARIABLE: &str = "PUENTE_TEST_POSTGRES";
/// Set when a test may stop the server: it is kept alive.
pub const KEPT: &str = "PUENTE_TEST_POSTGRES_KEPT";

/// How long a server that ended stays away.
const AWAY: Duration = Duration::from_millis(700);
const LOOK: Duration = Duration::from_millis(50);

/// The folder of `initdb` and `postgres`, the newest version if several.
pub fn programs() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version = path.file_name()?.to_str()?.parse().ok()?;
            path.join("bin/initdb").is_file().then_some((version, path.join("bin")))
        })
        .collect();
    found.sort();
    found.pop().map(|(_, bin)| bin)
}

/// A running cluster of one database server.
pub struct Cluster {
    dir: PathBuf,
    port: u16,
    /// Dropped to end the server.
    end: Option<Sender<()>>,
    keeper: Option<JoinHandle<()>>,
}

impl Cluster {
    /// Makes and starts one; returns once it answers.
    ///
    /// # Errors
    /// PostgreSQL is not installed, or did not come up within 30 seconds.
    pub fn start() -> Result<Self> {
        let bin = programs().context("PostgreSQL is not installed (run `cargo xtask setup`)")?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let dir = std::env::temp_dir().join(format!("puente-postgres-{port}"));
        std::fs::create_dir_all(&dir)?;
        let data = dir.join("data");
        // The server refuses to run as root: then it runs as Debian's user for it.
        let as_postgres = is_root()?;
        if as_postgres {
            run("chown").args(["postgres:postgres", &text(&dir)]).read()?;
        }
        let initdb = text(&bin.join("initdb"));
        command(as_postgres, &initdb)
            .args(["--username", "postgres", "--auth", "trust", "--encoding", "UTF8"])
            .args(["--no-sync", "--pgdata", &text(&data)])
            .current_dir(&dir)
            .stdout(Stdio::null())
            .status()
            .map_err(anyhow::Error::from)
            .and_then(|status| if status.success() { Ok(()) } else { bail!("{status}") })
            .context("initdb failed")?;
        let mut server = command(as_postgres, &text(&bin.join("postgres")));
        server
            .args(["-D", &text(&data), "-p", &port.to_string()])
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=on"])
            .args(["-c", "max_connections=200", "-c", "log_min_messages=fatal"])
            .args(["-c", &format!("unix_socket_directories={}", text(&dir))])
            .current_dir(&dir);
        let (end, ended) = channel();
        let (tell, told) = channel();
        // The server is its keeper's child, so that it ends with it.
        let keeper = std::thread::spawn(move || keep(server, &tell, &ended));
        let cluster = Self { dir, port, end: Some(end), keeper: Some(keeper) };
        cluster.wait(&bin, &told)?;
        Ok(cluster)
    }

    /// The address for tests, as `PUENTE_TEST_POSTGRES` wants it.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// The address of a new, empty database.
    ///
    /// # Errors
    /// There is one of that name.
    pub fn database(&self, name: &str) -> Result<String> {
        run("psql").args([&self.url(), "-qc", &format!("CREATE DATABASE {name}")]).read()?;
        Ok(format!("postgres://postgres@127.0.0.1:{}/{name}", self.port))
    }

    /// What tests are told of it.
    pub fn envs(&self) -> Vec<(String, String)> {
        vec![(VARIABLE.to_owned(), self.url()), (KEPT.to_owned(), "1".to_owned())]
    }

    fn wait(&self, bin: &Path, told: &Receiver<String>) -> Result<()> {
        let watch = Stopwatch::start();
        while watch.elapsed() < Duration::from_secs(30) {
            if let Ok(why) = told.try_recv() {
                bail!("postgres ended at once: {why}");
            }
            let ready = run(text(&bin.join("pg_isready")))
                .args(["-h", "127.0.0.1", "-U", "postgres", "-p", &self.port.to_string()])
                .read();
            if ready.is_ok() {
                return Ok(());
            }
            std::thread::sleep(LOOK);
        }
        bail!("postgres did not answer within 30 seconds")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(keeper) = self.keeper.take() {
            let _ = keeper.join();
        }
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// Runs the server, and again when it ended, until nobody holds the other end
/// of `ended`. Tells how it ended, if it did.
fn keep(mut server: Command, tell: &Sender<String>, ended: &Receiver<()>) {
    loop {
        let mut child = match server.spawn() {
            Ok(child) => child,
            Err(error) => {
                let _ = tell.send(format!("it cannot be started: {error}"));
                return;
            }
        };
        let status = loop {
            if ended.recv_timeout(LOOK) == Err(RecvTimeoutError::Disconnected) {
                return shut(child);
            }
            if let Ok(Some(status)) = child.try_wait() {
                break status;
            }
        };
        let _ = tell.send(status.to_string());
        if ended.recv_timeout(AWAY) == Err(RecvTimeoutError::Disconnected) {
            return;
        }
    }
}

/// SIGINT is its "fast" shutdown: connections are cut, data is closed.
fn shut(mut child: Child) {
    if run("kill").args(["-INT", &child.id().to_string()]).read().is_ok() {
        let watch = Stopwatch::start();
        while watch.elapsed() < Duration::from_secs(10) {
            if matches!(child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(LOOK);
        }
    }
    // Reached only when it did not end by itself; the data goes next.
    let _ = child.kill();
    let _ = child.wait();
}

/// A command of the server's user that ends with us, even when we are killed.
fn command(as_postgres: bool, program: &str) -> Command {
    let mut command = if on_path("setpriv") {
        let mut setpriv = Command::new("setpriv");
        if as_postgres {
            setpriv.args(["--reuid", "postgres", "--regid", "postgres", "--init-groups"]);
        }
        setpriv.args(["--pdeathsig", "INT", program]);
        setpriv
    } else if as_postgres {
        let mut runuser = Command::new("runuser");
        runuser.args(["-u", "postgres", "--", program]);
        runuser
    } else {
        Command::new(program)
    };
    command.stdin(Stdio::null());
    command
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_answers_and_leaves_nothing_behind() {
        if programs().is_none() {
            println!("PostgreSQL is not installed: nothing to start");
            return;
        }
        let cluster = Cluster::start().unwrap();
        let dir = cluster.dir.clone();
        assert!(cluster.url().starts_with("postgres://postgres@127.0.0.1:"));
        let fsync = run("psql").args([&cluster.url(), "-Atc", "show fsync"]).read().unwrap();
        assert_eq!(fsync.trim(), "on");
        drop(cluster);
        assert!(!dir.exists());
    }

    #[test]
    fn a_server_that_was_stopped_comes_back() {
        if programs().is_none() {
            println!("PostgreSQL is not installed: nothing to start");
            return;
        }
        let cluster = Cluster::start().unwrap();
        let ask = |sql: &str| run("psql").args([&cluster.url(), "-Atc", sql]).read();
        let pid = || {
            ask("SELECT pg_read_file('postmaster.pid')").unwrap().lines().next().map(String::from)
        };
        let first = pid().unwrap();
        // at once, and without closing anything
        run("kill").args(["-QUIT", &first]).read().unwrap();
        let watch = Stopwatch::start();
        let mut away = false;
        while watch.elapsed() < Duration::from_secs(20) {
            match ask("SELECT 1") {
                Err(_) => away = true,
                Ok(_) if away => break,
                Ok(_) => {}
            }
            std::thread::sleep(LOOK);
        }
        assert!(away && pid().unwrap() != first);
    }
}
