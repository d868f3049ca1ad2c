//! The bridge under measurement: its folder, its configuration, its commands.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, bail};
use tokio::process::Command;

use super::child::{Server, command, free_port};
use super::{MASTER_KEY, NUMBER, SECRET, WABA};

pub struct Bridge {
    folder: PathBuf,
    listen: SocketAddr,
}

impl Bridge {
    /// A folder of its own within `within`, on the disk to be measured. Where no
    /// `graph` is given nobody answers at its place; at Salesforce's nobody does.
    pub fn new(within: Option<&Path>, graph: Option<SocketAddr>) -> anyhow::Result<Self> {
        Self::made(within, graph, None)
    }

    /// Between two that answer.
    #[cfg(feature = "sandbox")]
    pub fn between(
        within: Option<&Path>,
        graph: SocketAddr,
        org: SocketAddr,
    ) -> anyhow::Result<Self> {
        Self::made(within, Some(graph), Some(org))
    }

    fn made(
        within: Option<&Path>,
        graph: Option<SocketAddr>,
        org: Option<SocketAddr>,
    ) -> anyhow::Result<Self> {
        let within = within.map_or_else(std::env::temp_dir, Path::to_owned);
        let folder = within.join(format!("puente-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder).with_context(|| format!("--dir {}", within.display()))?;
        let (listen, nowhere) = (free_port()?, free_port()?);
        let bridge = Self { folder, listen };
        let text = include_str!("bench.toml")
            .replace("{listen}", &listen.to_string())
            .replace("{database}", &bridge.database().display().to_string())
            .replace("{org}", &org.unwrap_or(nowhere).to_string())
            .replace("{graph}", &graph.unwrap_or(nowhere).to_string())
            .replace("{number}", NUMBER)
            .replace("{waba}", WABA);
        std::fs::write(bridge.config(), text)?;
        Ok(bridge)
    }

    pub fn listen(&self) -> SocketAddr {
        self.listen
    }

    pub fn database(&self) -> PathBuf {
        self.folder.join("puente.db")
    }

    pub fn log(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Everything of an earlier database is gone.
    pub fn forget(&self) {
        for end in ["", "-wal", "-shm", ".lock"] {
            let _ = std::fs::remove_file(self.folder.join(format!("puente.db{end}")));
        }
    }

    /// `puente migrate`, so that the tables are there.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        let mut migrate = self.command(&["migrate"])?;
        if !migrate.stdout(Stdio::null()).status().await?.success() {
            bail!("`puente migrate` failed on {}", self.database().display());
        }
        Ok(())
    }

    /// An API key that may send and read.
    #[cfg(feature = "sandbox")]
    pub async fn api_key(&self) -> anyhow::Result<String> {
        let made = self.command(&["key", "create", "--tenant", super::TENANT])?.output().await?;
        let key = String::from_utf8_lossy(&made.stdout).trim().to_owned();
        if key.is_empty() {
            bail!("`puente key create`: {}", String::from_utf8_lossy(&made.stderr));
        }
        Ok(key)
    }

    /// `puente serve`, once it answers.
    pub async fn serve(&self) -> anyhow::Result<Server> {
        Server::start(self.command(&["serve"])?, self.listen, &self.log("serve.log")).await
    }

    fn config(&self) -> PathBuf {
        self.folder.join("puente.toml")
    }

    /// This binary's `args` with the configuration of this bridge.
    pub fn command(&self, args: &[&str]) -> anyhow::Result<Command> {
        let mut command = command(0, ["--config".as_ref(), self.config().as_os_str()])?;
        command
            .args(args)
            .env("BENCH_SECRET", SECRET)
            .env("BENCH_MASTER_KEY", MASTER_KEY)
            .env("RUST_LOG", "error");
        Ok(command)
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
