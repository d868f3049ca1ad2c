//! A throw-away PostgreSQL for the tests: started on a free port with its data
//! in a temporary folder, gone when the value is dropped.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::install::debian::is_root;
use crate::run::{on_path, run};
use crate::stopwatch::Stopwatch;

/// Where tests find the database: `postgres://...`.
pub const VARIABLE: &str = "PUENTE_TEST_POSTGRES";

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
    server: Child,
    dir: PathBuf,
    port: u16,
}

impl Cluster {
    /// Makes and starts one; returns once it answers.
    ///
    /// # Errors
    /// PostgreSQL is not installed, or did not come up within 30 seconds.
    pub fn start() -> Result<Self> {
        let bin = programs().context("PostgreSQL is not installed (run `cargo xtask setup`)")?;
        let dir = std::env::temp_dir().join(format!("puente-postgres-{}", std::process::id()));
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
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let server = command(as_postgres, &text(&bin.join("postgres")))
            .args(["-D", &text(&data), "-p", &port.to_string()])
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=on"])
            .args(["-c", "max_connections=200", "-c", "log_min_messages=fatal"])
            .args(["-c", &format!("unix_socket_directories={}", text(&dir))])
            .current_dir(&dir)
            .spawn()
            .context("cannot start postgres")?;
        let mut cluster = Self { server, dir, port };
        cluster.wait(&bin)?;
        Ok(cluster)
    }

    /// The address for tests, as `PUENTE_TEST_POSTGRES` wants it.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn wait(&mut self, bin: &Path) -> Result<()> {
        let watch = Stopwatch::start();
        while watch.elapsed() < Duration::from_secs(30) {
            if let Some(status) = self.server.try_wait()? {
                bail!("postgres ended at once with {status}");
            }
            let ready = run(text(&bin.join("pg_isready")))
                .args(["-h", "127.0.0.1", "-U", "postgres", "-p", &self.port.to_string()])
                .read();
            if ready.is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("postgres did not answer within 30 seconds")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGINT is its "fast" shutdown: connections are cut, data is closed.
        let pid = self.server.id().to_string();
        if run("kill").args(["-INT", &pid]).read().is_ok() {
            let watch = Stopwatch::start();
            while watch.elapsed() < Duration::from_secs(10) {
                if matches!(self.server.try_wait(), Ok(Some(_))) {
                    break;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        // Reached only when it did not end by itself; the data goes next.
        let _ = self.server.kill();
        let _ = self.server.wait();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
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
}
