//! Planted faults stay in the simulated world: no crate but `model`, which
//! holds them, and `sandbox`, which runs them, names the feature, and neither
//! has it on by default. The binary also refuses to be compiled with it.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Deserialize;

use super::Violation;
use super::tree::Tree;

const FEATURE: &str = "planted";
const HOME: &[&str] = &["crates/model/Cargo.toml", "crates/sandbox/Cargo.toml"];
const BINARY: &str = "crates/puente/src/main.rs";
const GUARD: &str = "!model::planted::POSSIBLE";

#[derive(Default, Deserialize)]
struct Manifest {
    #[serde(default)]
    features: BTreeMap<String, Vec<String>>,
}

pub fn check(tree: &Tree) -> Result<Vec<Violation>> {
    let mut found = Vec::new();
    for file in tree.files.iter().filter(|file| file.path.ends_with("Cargo.toml")) {
        if HOME.contains(&file.path.as_str()) {
            let manifest = tree.toml::<Manifest>(&file.path)?.unwrap_or_default();
            let reaches = |name: &str, on: &[String]| {
                name != FEATURE && on.iter().any(|part| part.ends_with(FEATURE))
            };
            for (name, _) in manifest.features.iter().filter(|(name, on)| reaches(name, on)) {
                let what = format!("the feature `{name}` switches planted faults on");
                found.push(file.violation("planted", 0, what));
            }
            continue;
        }
        let code = |text: &str| text.split('#').next().unwrap_or_default().contains(FEATURE);
        for (line, _) in file.lines().filter(|(_, text)| code(text)) {
            let what = "planted faults are for `sandbox` alone".to_owned();
            found.push(file.violation("planted", line, what));
        }
    }
    if let Some(main) = tree.get(BINARY)
        && !main.text.contains(GUARD)
    {
        let what = format!("the binary must refuse planted faults: `assert!({GUARD})`");
        found.push(main.violation("planted", 0, what));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::planted;

    fn found(path: &str, text: &str) -> usize {
        check(&planted(&[(path, text)])).unwrap().len()
    }

    #[test]
    fn the_feature_is_found_wherever_it_does_not_belong() {
        let on = "[dependencies]\nsandbox = { path = \"../sandbox\", features = [\"planted\"] }\n";
        assert_eq!(found("crates/puente/Cargo.toml", on), 1);
        assert_eq!(found("Cargo.toml", "model = { features = [\"planted\"] }"), 1);
        assert_eq!(found("crates/puente/Cargo.toml", "# planted is not for us\n"), 0);
    }

    #[test]
    fn no_other_feature_switches_it_on() {
        let own = "[features]\nplanted = [\"model/planted\"]\n";
        assert_eq!(found("crates/sandbox/Cargo.toml", own), 0);
        let default = format!("{own}default = [\"planted\"]\n");
        assert_eq!(found("crates/sandbox/Cargo.toml", &default), 1);
    }

    #[test]
    fn the_binary_refuses_it() {
        assert_eq!(found(BINARY, "fn main() {}"), 1);
        assert_eq!(found(BINARY, "const _: () = assert!(!model::planted::POSSIBLE);"), 0);
    }
}
