//! The README names the two commands, and in a form that can be copied.

use anyhow::Result;

use super::Violation;
use super::tree::Tree;

const COMMANDS: [&str; 2] = ["cargo xtask demo", "cargo xtask test"];

pub fn check(tree: &Tree) -> Result<Vec<Violation>> {
    let readme = tree.get("README.md");
    Ok(COMMANDS
        .iter()
        .filter(|command| !readme.is_some_and(|file| file.text.contains(**command)))
        .map(|command| Violation {
            rule: "readme",
            path: "README.md".to_owned(),
            line: 0,
            what: format!("does not name `{command}`"),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::planted;

    #[test]
    fn a_readme_without_a_command_is_found() {
        assert_eq!(check(&planted(&[])).unwrap().len(), 2);
        let one = planted(&[("README.md", "Run `cargo xtask demo`.")]);
        assert_eq!(check(&one).unwrap().len(), 1);
        let both = planted(&[("README.md", "`cargo xtask demo`, then `cargo xtask test`")]);
        assert!(check(&both).unwrap().is_empty());
    }
}
