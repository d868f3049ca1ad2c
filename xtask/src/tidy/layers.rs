//! Who may see whom. The picture is in ARCHITECTURE.md; this is the same as a
//! table. What a crate may only use in its tests is apart: there the simulators
//! may be anybody's far side.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Deserialize;

use super::Violation;
use super::tree::Tree;

const NOUNS: &[&str] = &["model"];
const SIMULATORS: &[&str] = &["sim-kit", "sim-disk", "whatsapp-sim", "salesforce-sim"];

/// Only the store knows SQL; the simulated disk knows the driver's lower edge.
const DRIVERS: &[&str] = &["rusqlite", "tokio-postgres", "deadpool-postgres", "libsqlite3-sys"];
const DRIVEN: &[&str] = &["store", "sim-disk"];

#[rustfmt::skip]
const LAYERS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("rules", NOUNS),
    ("whatsapp", NOUNS),
    ("salesforce", NOUNS),
    ("store", NOUNS),
    ("engine", &["model", "rules", "whatsapp", "salesforce", "store"]),
    ("server", &["model", "rules", "store", "engine", "whatsapp"]),
    ("sim-kit", &[]),
    ("sim-disk", &[]),
    ("whatsapp-sim", &["sim-kit"]),
    ("salesforce-sim", &["sim-kit"]),
    ("sandbox", &["model", "rules", "whatsapp", "salesforce", "store", "engine", "server",
                  "sim-kit", "sim-disk", "whatsapp-sim", "salesforce-sim"]),
    ("puente", &["model", "rules", "whatsapp", "salesforce", "store", "engine", "server",
                 "sim-kit", "whatsapp-sim", "salesforce-sim", "sandbox"]),
    ("xtask", &[]),
];

#[derive(Deserialize)]
struct Manifest {
    package: Option<Package>,
    #[serde(default)]
    dependencies: BTreeMap<String, toml::Value>,
    #[serde(default, rename = "dev-dependencies")]
    dev: BTreeMap<String, toml::Value>,
    #[serde(default, rename = "build-dependencies")]
    build: BTreeMap<String, toml::Value>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
}

pub fn check(tree: &Tree) -> Result<Vec<Violation>> {
    let ours = |name: &str| LAYERS.iter().any(|(layer, _)| *layer == name);
    let mut found = Vec::new();
    for file in tree.files.iter().filter(|file| file.path.ends_with("/Cargo.toml")) {
        let Some(manifest) = tree.toml::<Manifest>(&file.path)? else {
            continue;
        };
        let Some(package) = manifest.package else {
            continue;
        };
        let name = package.name;
        let Some((_, may)) = LAYERS.iter().find(|(layer, _)| *layer == name) else {
            let what = format!("`{name}` has no layer; give it a row in xtask/src/tidy/layers.rs");
            found.push(file.violation("layers", 0, what));
            continue;
        };
        let far_side = SIMULATORS.contains(&name.as_str());
        let used = manifest.dependencies.keys().chain(manifest.build.keys()).map(|d| (d, false));
        for (dependency, test) in used.chain(manifest.dev.keys().map(|d| (d, true))) {
            let dependency = dependency.as_str();
            let allowed =
                may.contains(&dependency) || test && !far_side && SIMULATORS.contains(&dependency);
            let driver = DRIVERS.contains(&dependency) && !DRIVEN.contains(&name.as_str());
            if ours(dependency) && !allowed || driver {
                let line = file.lines().find(|(_, line)| {
                    line.split(['.', ' ', '=']).next().is_some_and(|key| key == dependency)
                });
                let what = format!("`{name}` may not see `{dependency}`");
                found.push(file.violation("layers", line.map_or(0, |(at, _)| at), what));
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::planted;

    fn manifest(name: &str, rest: &str) -> Vec<Violation> {
        let text = format!("[package]\nname = \"{name}\"\n\n{rest}");
        check(&planted(&[("crates/x/Cargo.toml", &text)])).unwrap()
    }

    #[test]
    fn an_arrow_that_points_up_is_found() {
        let found =
            manifest("store", "[dependencies]\nserde.workspace = true\nengine.workspace = true\n");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].line, 6);
        assert_eq!(found[0].what, "`store` may not see `engine`");
    }

    #[test]
    fn a_database_driver_outside_the_store_is_found() {
        let driver = "[dependencies]\nrusqlite.workspace = true";
        assert_eq!(manifest("puente", driver)[0].what, "`puente` may not see `rusqlite`");
        assert!(manifest("store", driver).is_empty());
    }

    #[test]
    fn the_far_sides_know_none_of_ours_not_even_in_tests() {
        assert_eq!(
            manifest("whatsapp-sim", "[dev-dependencies]\nwhatsapp.workspace = true").len(),
            1
        );
        assert_eq!(manifest("whatsapp-sim", "[dependencies]\nmodel.workspace = true").len(), 1);
    }

    #[test]
    fn a_client_meets_its_simulator_in_tests_only() {
        assert!(
            manifest("whatsapp", "[dev-dependencies]\nwhatsapp-sim.workspace = true").is_empty()
        );
        assert_eq!(manifest("whatsapp", "[dependencies]\nwhatsapp-sim.workspace = true").len(), 1);
    }

    #[test]
    fn a_new_crate_needs_a_layer() {
        assert_eq!(manifest("utils", "").len(), 1);
    }

    #[test]
    fn no_layer_sees_itself_through_another() {
        for (name, may) in LAYERS {
            for lower in *may {
                let (_, below) = LAYERS.iter().find(|(layer, _)| layer == lower).unwrap();
                assert!(!below.contains(name), "{name} and {lower} see each other");
            }
        }
    }
}
