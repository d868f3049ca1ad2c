//! The house rules: what no compiler checks and every reader relies on. Each
//! rule has a test that plants a violation and sees it found.

mod ambient;
mod bans;
mod dependencies;
mod layers;
mod paths;
mod planted;
pub mod policy;
mod readme;
mod select;
mod size;
mod spdx;
mod strings;
mod tree;

use std::fmt;
use std::path::Path;

use anyhow::Result;

use tree::Tree;

/// One place that breaks one rule, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub rule: &'static str,
    pub path: String,
    /// From 1; 0 when it is about the whole file.
    pub line: usize,
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}: {}", self.path, self.rule, self.what),
            line => write!(f, "{}:{line}: {}: {}", self.path, self.rule, self.what),
        }
    }
}

pub struct Rule {
    pub name: &'static str,
    pub says: &'static str,
    check: fn(&Tree) -> Result<Vec<Violation>>,
}

#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    Rule { name: "layers", check: layers::check,
           says: "a crate depends only on the crates that its layer may see" },
    Rule { name: "size", check: size::check,
           says: "a source file has at most 400 lines; the exceptions only shrink" },
    Rule { name: "bans", check: bans::check,
           says: "nothing half done is committed: no placeholder, no ignored test, no note to self" },
    Rule { name: "select", check: select::check,
           says: "select! is biased, or its order differs from run to run" },
    Rule { name: "ambient", check: ambient::check,
           says: "time and chance are handed in, never taken" },
    Rule { name: "dependencies", check: dependencies::check,
           says: "each dependency has its reason in docs/reference/dependencies.md" },
    Rule { name: "readme", check: readme::check,
           says: "the README names the two commands a newcomer needs" },
    Rule { name: "strings", check: strings::check,
           says: "every language of the console has the same keys and placeholders" },
    Rule { name: "planted", check: planted::check,
           says: "planted faults are for the simulated world alone; the binary cannot have them" },
    Rule { name: "paths", check: paths::check,
           says: "nothing names one machine's folders or a package registry's host" },
];

/// Every violation in the tree under `root`, rule by rule.
///
/// # Errors
/// A file cannot be read or a file the rules need cannot be parsed.
pub fn check(root: &Path) -> Result<Vec<Violation>> {
    let tree = Tree::read(root)?;
    let mut found = Vec::new();
    for rule in RULES {
        found.extend((rule.check)(&tree)?);
    }
    Ok(found)
}

/// The rules as text, for `--help`.
pub fn explained() -> String {
    let mut text = String::from("The rules:\n");
    for rule in RULES {
        text.push_str(&format!("  {:13} {}\n", rule.name, rule.says));
    }
    text.push_str("What they let pass stands in xtask/tidy.toml.");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::root::root;

    #[test]
    fn a_violation_says_where() {
        let at = |line| Violation {
            rule: "size",
            path: "crates/a/src/b.rs".into(),
            line,
            what: "too long".into(),
        };
        assert_eq!(at(0).to_string(), "crates/a/src/b.rs: size: too long");
        assert_eq!(at(7).to_string(), "crates/a/src/b.rs:7: size: too long");
    }

    #[test]
    fn the_rules_can_read_this_very_workspace() {
        check(&root()).unwrap();
    }
}
