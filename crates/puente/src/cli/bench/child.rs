//! Processes of the measurement: servers and the generator.

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::process::{Child, Command};

use super::wire::Wire;

/// Whether processes can be held on a core each. Asked once: a process that is
/// held sees one core.
pub fn can_pin() -> bool {
    static CAN: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    *CAN.get_or_init(|| {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let taskset = std::env::var_os("PATH")
            .is_some_and(|path| std::env::split_paths(&path).any(|p| p.join("taskset").is_file()));
        cores >= 2 && taskset
    })
}

/// Holds this process on `core` where that can be; children choose their own.
#[cfg(feature = "sandbox")]
pub async fn stay_on(core: usize) -> anyhow::Result<()> {
    if can_pin() {
        let (core, own) = (core.to_string(), std::process::id().to_string());
        let mut taskset = Command::new("taskset");
        taskset.args(["-a", "-c", "-p", &core, &own]).stdout(Stdio::null());
        if !taskset.status().await?.success() {
            bail!("`taskset` could not hold this process on core {core}");
        }
    }
    Ok(())
}

/// This binary with other arguments, on `core` where that can be.
pub fn command<S: AsRef<OsStr>>(
    core: usize,
    args: impl IntoIterator<Item = S>,
) -> anyhow::Result<Command> {
    let own = std::env::current_exe().context("the path of this binary")?;
    let mut command = if can_pin() {
        let mut pinned = Command::new("taskset");
        pinned.arg("-c").arg(core.to_string()).arg(own);
        pinned
    } else {
        Command::new(own)
    };
    command.args(args).kill_on_drop(true);
    Ok(command)
}

/// A server under measurement; ends when it is dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

impl Server {
    /// Does not wait for it.
    pub fn spawn(mut command: Command, address: SocketAddr, log: &Path) -> anyhow::Result<Self> {
        let out = std::fs::File::create(log).context("a file for the server's log")?;
        let child = command.stdout(Stdio::null()).stderr(out).spawn();
        Ok(Self { child: child.context("the server")?, address })
    }

    /// Returns when it answers.
    pub async fn start(command: Command, address: SocketAddr, log: &Path) -> anyhow::Result<Self> {
        let server = Self::spawn(command, address, log)?;
        for _ in 0..1_000 {
            if server.get("/healthz").await.is_ok() {
                return Ok(server);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let said = std::fs::read_to_string(log).unwrap_or_default();
        bail!("the server did not start: {said}")
    }

    pub async fn get(&self, path: &str) -> anyhow::Result<String> {
        let (status, body) = Wire::connect(self.address).await?.get(path).await?;
        if status != 200 {
            bail!("GET {path} answered {status}: {body}");
        }
        Ok(body)
    }

    pub fn pid(&self) -> anyhow::Result<u32> {
        self.child.id().context("the server ended")
    }

    pub fn ended(&mut self) -> anyhow::Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// Processor time so far, in microseconds (proc(5), `stat`; a tick is 10 ms).
    pub fn cpu_us(&self) -> anyhow::Result<u64> {
        let pid = self.pid()?;
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))
            .context("processor time is read from /proc, which Linux has")?;
        ticks(&stat).map(|ticks| ticks * 10_000).context("/proc/<pid>/stat has no times")
    }

    /// With SIGKILL: it has no time to put anything in order.
    pub async fn end(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }
}

/// `utime` and `stime`; the name before them may hold spaces.
fn ticks(stat: &str) -> Option<u64> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some(next()? + next()?)
}

pub fn free_port() -> anyhow::Result<SocketAddr> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_behind_a_name_with_spaces() {
        let stat = "12 (a b) c) S 1 2 3 4 5 6 7 8 9 10 70 30 0 0 20";
        assert_eq!(ticks(stat), Some(100));
        assert_eq!(ticks("12 (a) S 1"), None);
    }
}
