//! The most memory that a process ever had.
//!
//! A control group (cgroup v2, `memory.peak`) counts what an operator's limit
//! counts, the page cache of the database included. Where none can be made it is
//! the process's own resident memory (proc(5), `VmHWM`), without that cache.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::Context;
use tokio::process::Command;

const ROOT: &str = "/sys/fs/cgroup";

pub enum Peak {
    Group(PathBuf),
    Process,
}

impl Peak {
    pub fn new() -> Self {
        static MADE: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let nth = MADE.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("puente-bench-{}-{nth}", std::process::id());
        let own = std::fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
        group(Path::new(ROOT), &own, &name).map_or(Self::Process, Self::Group)
    }

    pub fn told(&self) -> &'static str {
        match self {
            Self::Group(_) => "memory.peak of a control group (cgroup v2), page cache included",
            Self::Process => {
                "VmHWM of /proc/PID/status, resident memory without page cache: \
                 no control group (cgroup v2 with `memory`) could be made here"
            }
        }
    }

    /// The same command, counted from its first page on.
    pub fn counted(&self, command: Command) -> Command {
        let Self::Group(group) = self else { return command };
        let plain = command.as_std();
        let mut within = Command::new("sh");
        within.args(["-c", r#"echo $$ > "$0" && exec "$@""#]).arg(group.join("cgroup.procs"));
        within.arg(plain.get_program()).args(plain.get_args()).kill_on_drop(true);
        let set = plain.get_envs().filter_map(|(name, value)| Some((name, value?)));
        within.envs(set.map(|(name, value)| (OsString::from(name), OsString::from(value))));
        within
    }

    /// Bytes.
    pub fn read(&self, pid: u32) -> anyhow::Result<u64> {
        match self {
            Self::Group(group) => {
                let text = std::fs::read_to_string(group.join("memory.peak"))?;
                Ok(text.trim().parse()?)
            }
            Self::Process => {
                let status = std::fs::read_to_string(format!("/proc/{pid}/status"))
                    .context("memory is read from /proc, which Linux has")?;
                high_water(&status).context("/proc/PID/status has no VmHWM")
            }
        }
    }
}

impl Drop for Peak {
    fn drop(&mut self) {
        if let Self::Group(group) = self {
            let _ = std::fs::remove_dir(group);
        }
    }
}

/// A new group beside our own or above it, where memory is counted.
fn group(root: &Path, own: &str, name: &str) -> Option<PathBuf> {
    let path = own.lines().find_map(|line| line.strip_prefix("0::/"))?;
    let own = root.join(path);
    let counts = |folder: &&Path| {
        let switched_on = std::fs::read_to_string(folder.join("cgroup.subtree_control"));
        switched_on.is_ok_and(|text| text.split_whitespace().any(|what| what == "memory"))
    };
    let above = own.ancestors().take_while(|folder| folder.starts_with(root)).find(counts)?;
    let group = above.join(name);
    std::fs::create_dir(&group).ok()?;
    if group.join("memory.peak").is_file() {
        return Some(group);
    }
    let _ = std::fs::remove_dir(&group);
    None
}

/// `VmHWM` in bytes.
fn high_water(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_high_water_mark_is_read_in_bytes() {
        let status = "Name:\tpuente\nVmPeak:\t  900 kB\nVmHWM:\t   61440 kB\nVmRSS:\t 100 kB\n";
        assert_eq!(high_water(status), Some(60 * 1_024 * 1_024));
        assert_eq!(high_water("VmRSS:\t 100 kB\n"), None);
    }

    #[test]
    fn a_group_is_made_only_where_memory_is_counted() {
        let root = tempfile::tempdir().unwrap();
        let own = root.path().join("user/session");
        std::fs::create_dir_all(&own).unwrap();
        let made = |text| group(root.path(), text, "bench");
        assert_eq!(made("0::/user/session\n"), None, "nobody counts");
        std::fs::write(root.path().join("user/cgroup.subtree_control"), "cpu memory\n").unwrap();
        assert_eq!(made("0::/user/session\n"), None, "a folder is no control group");
        assert!(!root.path().join("user/bench").exists(), "it is taken away again");
        assert_eq!(made("4:memory:/user\n"), None, "version 1 only");
    }
}
