//! A dependency is a promise to keep up with it: each has its reason in words.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use serde::Deserialize;

use super::Violation;
use super::tree::Tree;

const PAGE: &str = "docs/reference/dependencies.md";

#[derive(Deserialize)]
struct Manifest {
    workspace: Workspace,
}

#[derive(Default, Deserialize)]
struct Workspace {
    #[serde(default)]
    dependencies: BTreeMap<String, toml::Value>,
}

pub fn check(tree: &Tree) -> Result<Vec<Violation>> {
    let Some(manifest) = tree.toml::<Manifest>("Cargo.toml")? else {
        return Ok(Vec::new());
    };
    let theirs = manifest.workspace.dependencies.into_iter();
    let declared: BTreeSet<String> =
        theirs.filter(|(_, value)| value.get("path").is_none()).map(|(name, _)| name).collect();
    let page = tree.get(PAGE);
    let mut reasons = BTreeSet::new();
    let mut found = Vec::new();
    for (line, text) in page.iter().flat_map(|page| page.lines()) {
        let Some((name, reason)) = row(text) else {
            continue;
        };
        let mut say = |what: String| {
            found.push(Violation { rule: "dependencies", path: PAGE.to_owned(), line, what });
        };
        if !declared.contains(name) {
            say(format!("`{name}` is no dependency of the workspace: take its row out"));
        } else if reason.len() < 10 {
            say(format!("`{name}` has no reason"));
        } else if !reasons.insert(name.to_owned()) {
            say(format!("`{name}` stands here twice"));
        }
    }
    for name in declared.difference(&reasons) {
        let what = format!("`{name}` has no reason yet: | `{name}` | why it is here |");
        found.push(Violation { rule: "dependencies", path: PAGE.to_owned(), line: 0, what });
    }
    Ok(found)
}

/// The name and the reason of a line of the table: "| `name` | reason |".
fn row(line: &str) -> Option<(&str, &str)> {
    let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
    let name = cells.next()?.strip_prefix('`')?.strip_suffix('`')?;
    Some((name, cells.next()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::planted;

    fn with(page: &str) -> Vec<String> {
        let manifest =
            "[workspace.dependencies]\nmodel = { path = \"crates/model\" }\nserde = \"1\"\n";
        let tree = planted(&[("Cargo.toml", manifest), (PAGE, page)]);
        check(&tree).unwrap().into_iter().map(|v| v.what).collect()
    }

    #[test]
    fn each_dependency_has_one_row_and_each_row_a_dependency() {
        let row = "| `serde` | typed JSON at both wires |\n";
        assert!(with(row).is_empty());
        assert_eq!(with("").len(), 1);
        assert_eq!(with("| `serde` | |\n").len(), 2);
        assert_eq!(with(&format!("{row}{row}")).len(), 1);
        assert_eq!(with(&format!("{row}| `gone` | a reason without a crate |\n")).len(), 1);
    }
}
