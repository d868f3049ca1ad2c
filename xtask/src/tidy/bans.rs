//! Words that mean "not done". Here they are written in two halves, so that
//! this file may be looked at like any other.

use anyhow::Result;

use super::Violation;
use super::tree::Tree;

const BANNED: &[(&str, &[&str], &str)] = &[
    (concat!("todo", "!("), &[".rs"], "write it, or leave it out"),
    (concat!("unimpl", "emented!("), &[".rs"], "write it, or leave it out"),
    (concat!("dbg", "!("), &[".rs"], "use tracing, or take it out"),
    (
        concat!("#[ign", "ore"),
        &[".rs"],
        "an ignored test proves nothing: make it run, or delete it",
    ),
    (concat!("FIX", "ME"), SOURCES, "fix it, or file an issue"),
    (concat!("XX", "X"), SOURCES, "fix it, or file an issue"),
    (concat!("TO", "DO"), SOURCES, "do it, or file an issue"),
    (concat!(".on", "ly("), SCRIPTS, "it switches all other tests off"),
    (concat!(".sk", "ip("), SCRIPTS, "a skipped test proves nothing"),
    (concat!("deb", "ugger;"), SCRIPTS, "take it out"),
    (concat!("@ts-", "ignore"), SCRIPTS, "make the types true"),
];

const SOURCES: &[&str] = &[".rs", ".ts", ".tsx", ".mjs", ".sql", ".toml", ".css"];
const SCRIPTS: &[&str] = &[".ts", ".tsx", ".mjs"];

pub fn check(tree: &Tree) -> Result<Vec<Violation>> {
    let mut found = Vec::new();
    for file in &tree.files {
        for (word, endings, cure) in BANNED {
            if !file.is(endings) {
                continue;
            }
            for (line, text) in file.lines() {
                if stands_alone(text, word) {
                    found.push(file.violation("bans", line, format!("`{word}`: {cure}")));
                }
            }
        }
    }
    Ok(found)
}

/// Whether `word` is in `text` and is not the inside of a longer word.
fn stands_alone(text: &str, word: &str) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        let longer_before = word.starts_with(char::is_alphanumeric) && letter(before);
        // `#[ign…` goes on with `]` or with a reason, so its end is open.
        let longer_after = word.chars().all(char::is_alphanumeric) && letter(after);
        !longer_before && !longer_after
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::planted;

    #[test]
    fn each_banned_word_is_found_where_it_counts() {
        for (word, endings, _) in BANNED {
            for ending in *endings {
                let path = format!("crates/a/src/lib{ending}");
                let found = check(&planted(&[(&path, &format!("ok\n{word}\n"))])).unwrap();
                assert_eq!(found.len(), 1, "{word} in {path}");
                assert_eq!(found[0].line, 2);
            }
        }
    }

    #[test]
    fn the_inside_of_a_longer_word_is_no_match() {
        let text = concat!("METO", "DO MAXX", "XIMUM not_todo", "!(1)");
        assert!(check(&planted(&[("crates/a/src/lib.rs", text)])).unwrap().is_empty());
    }
}
