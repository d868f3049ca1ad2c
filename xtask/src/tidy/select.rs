//! `select!` polls its branches in a random order unless its first word is
//! `biased;`: a run could then not be repeated from its seed.

use anyhow::Result;

use super::Violation;
use super::tree::Tree;

const MACRO: &str = concat!("select", "!");

pub fn check(tree: &Tree) -> Result<Vec<Violation>> {
    let mut found = Vec::new();
    for file in tree.files.iter().filter(|file| file.is(&[".rs"])) {
        for (at, _) in file.text.match_indices(MACRO) {
            let line_start = file.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
            let line = &file.text[line_start..at];
            let inside = line.ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let body = file.text[at + MACRO.len()..].trim_start();
            let Some(body) = body.strip_prefix('{') else {
                continue;
            };
            if !inside && !line.contains("//") && !body.trim_start().starts_with("biased;") {
                let number = file.text[..at].matches('\n').count() + 1;
                let what = "begin it with `biased;`, the most urgent branch first";
                found.push(file.violation("select", number, what));
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::planted;

    #[test]
    fn an_unbiased_select_is_found_and_a_biased_one_is_not() {
        let fair = format!("fn f() {{\n    tokio::{MACRO} {{\n        a = b => (),\n    }}\n}}");
        let found = check(&planted(&[("crates/a/src/lib.rs", &fair)])).unwrap();
        assert_eq!(found.iter().map(|v| v.line).collect::<Vec<_>>(), [2]);
        let biased = format!("{MACRO} {{\n    biased;\n    a = b => (),\n}}");
        let told = format!("// `{MACRO} {{ .. }}` is fair");
        let other = format!("my_{MACRO} {{ a }}");
        for text in [&biased, &told, &other] {
            assert!(
                check(&planted(&[("crates/a/src/lib.rs", text)])).unwrap().is_empty(),
                "{text}"
            );
        }
    }
}
