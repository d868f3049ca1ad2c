//! npm packages of the console, exactly as its lock file says.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::install::pages::digest;
use crate::root::root;
use crate::run::{on_path, run};

/// Installs when the lock file changed since the last time; says what it did.
///
/// # Errors
/// No Node, one that is too old, or a package that cannot be had.
pub fn ensure() -> Result<String> {
    node()?;
    let dir = console();
    let lock = digest(&[dir.join("package-lock.json")])?;
    let stamp = dir.join("node_modules/.installed-for");
    if std::fs::read_to_string(&stamp).is_ok_and(|seen| seen == lock) {
        return Ok("all there".to_owned());
    }
    run("npm").args(["ci", "--no-audit", "--no-fund"]).dir(&dir).go()?;
    std::fs::write(&stamp, lock)?;
    Ok("installed as the lock file says".to_owned())
}

/// The folder of the console's sources.
pub fn console() -> PathBuf {
    root().join("console")
}

/// Checks that Node and npm are there and new enough.
///
/// # Errors
/// What is missing and how to get it.
pub fn node() -> Result<()> {
    if !on_path("node") || !on_path("npm") {
        bail!("Node is not installed (needed: 20.19 or later, with npm)");
    }
    let version = run("node").args(["--version"]).read()?;
    if !is_new_enough(&version) {
        bail!("Node {} is too old (needed: 20.19 or later)", version.trim());
    }
    Ok(())
}

fn is_new_enough(version: &str) -> bool {
    let mut parts = version.trim().trim_start_matches('v').split('.').map(|p| p.parse::<u32>());
    match (parts.next(), parts.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= (20, 19),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_node_is_compared_as_numbers() {
        for (version, fits) in [
            ("v20.19.0\n", true),
            ("v22.4.1", true),
            ("v20.9.9", false),
            ("v18.20.0", false),
            ("", false),
        ] {
            assert_eq!(is_new_enough(version), fits, "{version}");
        }
    }
}
