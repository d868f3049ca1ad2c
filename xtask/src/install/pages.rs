//! The built pages of the console: made when a source changed, else left alone.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::install::npm;
use crate::run::run;

pub enum Built {
    Anew,
    UpToDate,
}

impl Built {
    pub fn sentence(&self) -> &'static str {
        match self {
            Built::Anew => "The pages of the console were built.",
            Built::UpToDate => "The pages of the console are up to date.",
        }
    }
}

/// Builds `console/dist` unless it was made from the present sources.
///
/// # Errors
/// Node is missing or the build failed.
pub fn build(force: bool) -> Result<Built> {
    let dir = npm::console();
    let sources = digest(&inputs(&dir)?)?;
    let stamp = dir.join("dist/.built-from");
    if !force && std::fs::read_to_string(&stamp).is_ok_and(|seen| seen == sources) {
        return Ok(Built::UpToDate);
    }
    npm::ensure()?;
    run("npm").args(["run", "build"]).dir(&dir).go()?;
    std::fs::write(&stamp, sources).context("cannot write the stamp of the build")?;
    Ok(Built::Anew)
}

/// The files that the built pages depend on, in a fixed order.
fn inputs(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(folder) = open.pop() {
        let entries = std::fs::read_dir(&folder)
            .with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            if entry.file_type()?.is_dir() {
                if !["node_modules", "dist", "e2e"].iter().any(|skip| name == *skip) {
                    open.push(entry.path());
                }
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// A fingerprint of names and contents: tells whether something changed, and
/// protects from nothing.
pub fn digest(files: &[PathBuf]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.hash(&mut hasher);
        std::fs::read(file)
            .with_context(|| format!("cannot read {}", file.display()))?
            .hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_follows_sources_and_not_results() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        let now = || digest(&inputs(dir.path()).unwrap()).unwrap();
        write("src/a.ts", "1");
        let first = now();
        write("dist/a.js", "built");
        write("node_modules/x/index.js", "installed");
        assert_eq!(now(), first);
        write("src/a.ts", "2");
        assert_ne!(now(), first);
    }
}
