//! What is true on one machine only stays on that machine.

use anyhow::Result;

use super::Violation;
use super::tree::Tree;

const LOCAL: &[(&str, &str)] = &[
    (concat!("/wo", "rk/"), "a folder of one machine"),
    (concat!("/ro", "ot/"), "a folder of one machine"),
    (concat!("/ho", "me/"), "a folder of one machine"),
    (concat!("registry.", "npmjs.org"), "a registry's host: set omit-lockfile-registry-resolved"),
    (concat!("registry.", "yarnpkg.com"), "a registry's host"),
];

pub fn check(tree: &Tree) -> Result<Vec<Violation>> {
    let mut found = Vec::new();
    for file in &tree.files {
        for (line, text) in file.lines() {
            for (path, why) in LOCAL {
                if names(text, path) {
                    found.push(file.violation("paths", line, format!("`{path}`: {why}")));
                }
            }
        }
    }
    Ok(found)
}

/// A local path begins a word: `example.org/home/` is an address, not a folder.
fn names(text: &str, path: &str) -> bool {
    text.match_indices(path).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !path.starts_with('/') || !before.is_some_and(|c| c.is_alphanumeric() || ".}_-".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::planted;

    #[test]
    fn a_local_path_is_found_and_an_address_is_not() {
        for (path, _) in LOCAL {
            let found = check(&planted(&[("docs/a.md", &format!("see {path}x"))])).unwrap();
            assert_eq!(found.len(), 1, "{path}");
        }
        let address = concat!("https://example.org/ho", "me/x");
        assert!(check(&planted(&[("docs/a.md", address)])).unwrap().is_empty());
    }
}
