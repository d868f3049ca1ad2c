//! A file has one noun or verb. Past 400 lines, which one wants its own file?

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Deserialize;

use super::Violation;
use super::tree::Tree;

const LINES_MAX: usize = 400;

#[derive(Default, Deserialize)]
struct Exceptions {
    #[serde(default)]
    size: BTreeMap<String, usize>,
}

pub fn check(tree: &Tree) -> Result<Vec<Violation>> {
    let exceptions = tree.toml::<Exceptions>("xtask/tidy.toml")?.unwrap_or_default().size;
    let mut found = Vec::new();
    for file in tree.files.iter().filter(|file| file.is(&[".rs", ".ts", ".tsx", ".mjs"])) {
        let lines = file.text.lines().count();
        let what = match exceptions.get(&file.path) {
            None if lines > LINES_MAX => {
                format!(
                    "{lines} lines, at most {LINES_MAX}: which noun or verb wants its own file?"
                )
            }
            Some(_) if lines <= LINES_MAX => {
                format!("fits in {LINES_MAX} lines now: take it off the list in xtask/tidy.toml")
            }
            Some(&most) if lines > most => {
                format!("{lines} lines, {most} in xtask/tidy.toml: that number only goes down")
            }
            Some(&most) if lines < most => {
                format!("{lines} lines now: lower its {most} in xtask/tidy.toml")
            }
            _ => continue,
        };
        found.push(file.violation("size", 0, what));
    }
    for path in exceptions.keys().filter(|path| tree.get(path).is_none()) {
        let what = "is gone: take it off the list in xtask/tidy.toml".to_owned();
        found.push(Violation { rule: "size", path: path.clone(), line: 0, what });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::planted;

    fn with(lines: usize, list: &str) -> usize {
        let text = "// a line\n".repeat(lines);
        let list = format!("[size]\n{list}");
        let tree = planted(&[("crates/a/src/long.rs", &text), ("xtask/tidy.toml", &list)]);
        check(&tree).unwrap().len()
    }

    #[test]
    fn a_long_file_is_found_and_a_fitting_one_is_not() {
        assert_eq!(with(400, ""), 0);
        assert_eq!(with(401, ""), 1);
    }

    #[test]
    fn an_exception_only_goes_down() {
        let listed = "\"crates/a/src/long.rs\" = 450";
        assert_eq!(with(450, listed), 0);
        assert_eq!(with(451, listed), 1, "it grew");
        assert_eq!(with(449, listed), 1, "the number is stale");
        assert_eq!(with(300, listed), 1, "it fits");
        assert_eq!(with(10, "\"crates/a/src/gone.rs\" = 450"), 1, "it is gone");
    }
}
