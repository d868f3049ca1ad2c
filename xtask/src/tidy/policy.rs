//! deny.toml, read by ourselves: bans and licences over what cargo would really
//! compile, sources over the whole lock file. It needs no tool beyond cargo, so
//! it runs everywhere and always.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{Violation, spdx};
use crate::run::run;

#[derive(Deserialize)]
struct Deny {
    bans: Bans,
    licenses: Licenses,
    sources: Sources,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Banned>,
}

#[derive(Deserialize)]
struct Banned {
    #[serde(rename = "crate")]
    name: String,
}

#[derive(Deserialize)]
struct Licenses {
    allow: BTreeSet<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    source: Option<String>,
}

/// Every crate that breaks deny.toml.
///
/// # Errors
/// A file cannot be read, or cargo cannot resolve the workspace.
pub fn check(root: &Path) -> Result<Vec<Violation>> {
    let read = |name: &str| {
        std::fs::read_to_string(root.join(name)).with_context(|| format!("cannot read {name}"))
    };
    let tree = run("cargo")
        .args(["tree", "--workspace", "--locked", "--target", "all", "--prefix", "none"])
        .args(["--edges", "normal,build,dev", "--format", "{p}|{l}"])
        .dir(root)
        .read()?;
    judge(&read("deny.toml")?, &read("Cargo.lock")?, &tree)
}

/// `tree` has a line `name v1.2.3 ...|licence` for each crate in the build.
fn judge(deny: &str, lock: &str, tree: &str) -> Result<Vec<Violation>> {
    let deny: Deny = toml::from_str(deny).context("cannot parse deny.toml")?;
    let lock: Lock = toml::from_str(lock).context("cannot parse Cargo.lock")?;
    let mut found = Vec::new();
    let mut say = |path: &str, what: String| {
        found.push(Violation { rule: "policy", path: path.to_owned(), line: 0, what });
    };

    let registries: Vec<String> =
        deny.sources.allow_registry.iter().map(|url| format!("registry+{url}")).collect();
    for package in &lock.package {
        if let Some(source) = &package.source
            && !registries.contains(source)
        {
            say(
                "Cargo.lock",
                format!("`{}` comes from {source}, not from crates.io", package.name),
            );
        }
    }

    let ours: BTreeSet<&str> =
        lock.package.iter().filter(|p| p.source.is_none()).map(|p| p.name.as_str()).collect();
    let crates: BTreeMap<&str, &str> = tree
        .lines()
        .filter_map(|line| line.split_once('|'))
        .filter_map(|(name, licence)| {
            Some((name.split(' ').next()?, licence.trim_end_matches(" (*)")))
        })
        .filter(|(name, _)| !name.is_empty() && !ours.contains(name))
        .collect();
    for banned in deny.bans.deny.iter().filter(|banned| crates.contains_key(&*banned.name)) {
        let cure = format!("cargo tree --workspace --target all --invert {}", banned.name);
        say("Cargo.toml", format!("`{}` is banned; who brings it: {cure}", banned.name));
    }
    for (name, licence) in crates {
        let exception = deny.licenses.exceptions.iter().find(|exception| exception.name == name);
        let allowed = |id: &str| {
            deny.licenses.allow.contains(id) || exception.is_some_and(|e| e.allow.contains(id))
        };
        match spdx::holds(licence, &allowed) {
            Ok(true) => {}
            Ok(false) => {
                say("Cargo.toml", format!("`{name}` is under {licence}: not in deny.toml"))
            }
            Err(why) => say("Cargo.toml", format!("`{name}`: {why}")),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DENY: &str = r#"
        [bans]
        deny = [{ crate = "ring" }]
        [licenses]
        allow = ["MIT"]
        exceptions = [{ crate = "odd", allow = ["MPL-2.0"] }]
        [sources]
        allow-registry = ["https://crates.example/index"]
    "#;
    const HOME: &str = "source = \"registry+https://crates.example/index\"";

    fn found(lock: &str, tree: &str) -> Vec<String> {
        judge(DENY, lock, tree).unwrap().into_iter().map(|v| v.what).collect()
    }

    fn locked(name: &str, source: &str) -> String {
        format!("[[package]]\nname = \"{name}\"\n{source}\n")
    }

    #[test]
    fn what_fits_passes() {
        let lock = locked("serde", HOME) + &locked("odd", HOME) + &locked("model", "");
        let tree =
            "model v0.1.0 (somewhere)|\nserde v1.0.0|MIT OR GPL-3.0 (*)\nodd v1.0.0|MPL-2.0\n";
        assert_eq!(found(&lock, tree), Vec::<String>::new());
    }

    #[test]
    fn a_banned_crate_is_found_in_the_build_and_may_sleep_in_the_lock_file() {
        let lock = locked("ring", HOME);
        assert_eq!(found(&lock, "ring v0.17.0|MIT").len(), 1);
        assert!(found(&lock, "").is_empty());
    }

    #[test]
    fn a_licence_off_the_list_is_found_and_an_exception_is_for_one_crate() {
        let lock = locked("a", HOME);
        assert_eq!(found(&lock, "a v1.0.0|AGPL-3.0-only").len(), 1);
        assert_eq!(found(&lock, "a v1.0.0|MPL-2.0").len(), 1);
        assert_eq!(found(&lock, "a v1.0.0|").len(), 1, "no licence at all");
    }

    #[test]
    fn a_crate_from_elsewhere_is_found() {
        let lock = locked("a", "source = \"git+https://git.example/a#1\"");
        assert_eq!(found(&lock, "a v1.0.0|MIT").len(), 1);
    }
}
