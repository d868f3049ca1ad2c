//! Running another program: shown before it starts, bounded in time, never
//! waiting for input.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::root::root;
use crate::stopwatch::{Stopwatch, words};

/// One program call, built up and then run.
pub struct Run {
    program: String,
    args: Vec<String>,
    dir: PathBuf,
    envs: Vec<(String, String)>,
    limit: Duration,
}

/// A call of `program` in the workspace's root, ended after 30 minutes.
pub fn run(program: impl Into<String>) -> Run {
    Run {
        program: program.into(),
        args: Vec::new(),
        dir: root(),
        envs: Vec::new(),
        limit: Duration::from_secs(30 * 60),
    }
}

impl Run {
    pub fn args<S: AsRef<str>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    pub fn dir(mut self, dir: impl AsRef<Path>) -> Self {
        self.dir = dir.as_ref().to_path_buf();
        self
    }

    pub fn env(mut self, key: &str, value: impl Into<String>) -> Self {
        self.envs.push((key.to_owned(), value.into()));
        self
    }

    pub fn envs(mut self, envs: &[(String, String)]) -> Self {
        self.envs.extend_from_slice(envs);
        self
    }

    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs it with its output on ours.
    ///
    /// # Errors
    /// The program is missing, ended with a failure, or ran past its limit.
    pub fn go(self) -> Result<()> {
        println!("  $ {}", self.line());
        let mut child = self.command().spawn().with_context(|| self.cannot_start())?;
        let watch = Stopwatch::start();
        loop {
            if let Some(status) = child.try_wait()? {
                if status.success() {
                    return Ok(());
                }
                bail!("`{}` ended with {status}", self.line());
            }
            if watch.elapsed() > self.limit {
                child.kill()?;
                child.wait()?;
                bail!("`{}` was ended after its limit of {}", self.line(), words(self.limit));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Runs it and hands its standard output back.
    ///
    /// # Errors
    /// The program is missing or ended with a failure; its own words are in the
    /// message.
    pub fn read(self) -> Result<String> {
        let out = self
            .command()
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .output()
            .with_context(|| self.cannot_start())?;
        if !out.status.success() {
            let words = String::from_utf8_lossy(&out.stderr);
            bail!("`{}` ended with {}: {}", self.line(), out.status, words.trim());
        }
        String::from_utf8(out.stdout).context("its output is not UTF-8")
    }

    /// The call as a `Command`, for who wants to keep the process.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).current_dir(&self.dir).stdin(Stdio::null());
        command.envs(self.envs.iter().map(|(key, value)| (key, value)));
        command
    }

    fn line(&self) -> String {
        let mut line = self.program.clone();
        for arg in &self.args {
            line.push(' ');
            line.push_str(arg);
        }
        line
    }

    fn cannot_start(&self) -> String {
        format!("cannot start `{}`; is it installed and on the PATH?", self.program)
    }
}

/// Whether `program` is on the PATH.
pub fn on_path(program: &str) -> bool {
    let Some(paths) = std::env::var_os("PATH") else {
        return false;
    };
    std::env::split_paths(&paths).any(|dir| dir.join(OsStr::new(program)).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_a_missing_program_and_a_hang_are_told_apart() {
        assert!(run("true").go().is_ok());
        let failed = run("false").go().unwrap_err().to_string();
        assert!(failed.contains("exit status: 1"), "{failed}");
        let missing = run("no-such-program-here").go().unwrap_err().to_string();
        assert!(missing.contains("is it installed"), "{missing}");
        let hang = run("sleep").args(["600"]).limit(Duration::ZERO).go().unwrap_err().to_string();
        assert!(hang.contains("limit"), "{hang}");
    }

    #[test]
    fn the_words_of_a_failing_program_are_kept() {
        let error = run("sh").args(["-c", "echo why >&2; exit 3"]).read().unwrap_err().to_string();
        assert!(error.contains("why") && error.contains('3'), "{error}");
    }
}
