//! Time and chance come through `model::Ambient`. clippy.toml bans the common
//! calls; this also catches the ones that a lint cannot name.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Deserialize;

use super::Violation;
use super::tree::{File, Tree};

const TAKEN: &[&str] = &[
    concat!("SystemTime::", "now"),
    concat!("Instant::", "now"),
    concat!("Utc::", "now"),
    concat!("Timestamp::", "now"),
    concat!("Zoned::", "now"),
    concat!("thread_", "rng("),
    concat!("rand::", "rng("),
    concat!("rand::", "random"),
    concat!("rand::", "fill("),
    concat!("System", "Random::new"),
    concat!("Random", "State::new"),
    concat!("Ulid::", "new"),
    concat!("Uuid::", "new_v4"),
    concat!("Uuid::", "now_v7"),
    concat!("fast", "rand::"),
    concat!("get", "random::"),
    concat!("Os", "Rng"),
];

/// The binary hands the real ones in; the far sides and the sandbox own theirs.
const FREE: &[&str] = &["puente", "sandbox", "sim-kit", "whatsapp-sim", "salesforce-sim"];

#[derive(Default, Deserialize)]
struct Exceptions {
    #[serde(default)]
    ambient: BTreeMap<String, String>,
}

pub fn check(tree: &Tree) -> Result<Vec<Violation>> {
    let exceptions = tree.toml::<Exceptions>("xtask/tidy.toml")?.unwrap_or_default().ambient;
    let mut found = Vec::new();
    for file in tree.files.iter().filter(|file| is_bound(file)) {
        if exceptions.contains_key(&file.path) {
            continue;
        }
        let tests_from = file.text.find("#[cfg(test)]").unwrap_or(file.text.len());
        let lines_bound = file.text[..tests_from].lines().count();
        for (line, text) in file.lines().take(lines_bound) {
            if text.trim_start().starts_with("//") {
                continue;
            }
            for call in TAKEN.iter().filter(|call| text.contains(**call)) {
                let what = format!("`{call}` is taken: have it handed in by model::Ambient");
                found.push(file.violation("ambient", line, what));
            }
        }
    }
    for path in exceptions.keys().filter(|path| tree.get(path).is_none()) {
        let what = "is gone: take it off the list in xtask/tidy.toml".to_owned();
        found.push(Violation { rule: "ambient", path: path.clone(), line: 0, what });
    }
    Ok(found)
}

/// Sources of the crates that can be replayed; their tests are free.
fn is_bound(file: &File) -> bool {
    let mut parts = file.path.split('/');
    let (folder, name, src) = (parts.next(), parts.next(), parts.next());
    folder == Some("crates")
        && name.is_some_and(|name| !FREE.contains(&name))
        && src == Some("src")
        && file.is(&[".rs"])
        && !file.is(&["/tests.rs"])
        && !file.path.contains("/tests/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::planted;

    fn found(path: &str, text: &str, list: &str) -> usize {
        check(&planted(&[(path, text), ("xtask/tidy.toml", list)])).unwrap().len()
    }

    #[test]
    fn each_taken_call_is_found_in_a_bound_crate_only() {
        for call in TAKEN {
            let text = format!("fn f() {{ {call} }}");
            assert_eq!(found("crates/store/src/lib.rs", &text, ""), 1, "{call}");
            assert_eq!(found("crates/puente/src/main.rs", &text, ""), 0, "{call}");
            assert_eq!(found("crates/store/src/sqlite/tests.rs", &text, ""), 0, "{call}");
            assert_eq!(found("crates/store/tests/it.rs", &text, ""), 0, "{call}");
        }
    }

    #[test]
    fn tests_in_the_file_and_comments_are_free_and_exceptions_are_named() {
        let call = TAKEN[0];
        let text = format!("// {call}\n#[cfg(test)]\nmod tests {{ fn f() {{ {call} }} }}");
        assert_eq!(found("crates/store/src/lib.rs", &text, ""), 0);
        let listed = "[ambient]\n\"crates/store/src/lib.rs\" = \"why\"";
        assert_eq!(found("crates/store/src/lib.rs", &format!("{call}()"), listed), 0);
        assert_eq!(found("crates/store/src/other.rs", "", listed), 1, "a stale exception");
    }
}
