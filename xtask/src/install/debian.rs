//! Programs from Debian: the browser, its fonts, the database.

use std::path::Path;

use anyhow::{Result, bail};

use crate::postgres;
use crate::run::{on_path, run};

/// One package and how to see that it is there.
struct Package {
    name: &'static str,
    there: fn() -> bool,
}

const PACKAGES: &[Package] = &[
    Package { name: "chromium", there: || on_path("chromium") },
    // Without it every emoji of a message is an empty box on the screenshots.
    Package {
        name: "fonts-noto-color-emoji",
        there: || Path::new("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf").is_file(),
    },
    Package { name: "postgresql-15", there: || postgres::programs().is_some() },
];

/// Installs the missing ones; says what it did.
///
/// # Errors
/// No `apt-get`, not root, or a package that cannot be had.
pub fn ensure() -> Result<String> {
    let missing: Vec<&str> = PACKAGES.iter().filter(|p| !(p.there)()).map(|p| p.name).collect();
    if missing.is_empty() {
        return Ok("all there".to_owned());
    }
    let names = missing.join(" ");
    if !on_path("apt-get") {
        bail!("missing {names}; this system has no apt-get, install them its own way");
    }
    if !is_root()? {
        bail!("missing {names}; only root may install: sudo apt-get install {names}");
    }
    let apt = || run("apt-get").env("DEBIAN_FRONTEND", "noninteractive");
    apt().args(["update", "-qq"]).go()?;
    apt().args(["install", "-y", "-qq", "--no-install-recommends"]).args(&missing).go()?;
    Ok(format!("installed {names}"))
}

/// Whether we run as root.
pub fn is_root() -> Result<bool> {
    Ok(run("id").args(["-u"]).read()?.trim() == "0")
}
