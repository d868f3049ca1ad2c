//! Every fault of Salesforce's and every code of puente's own has a page under
//! `docs/faults/`, and no page tells of a code that is gone.
//!
//! `UPDATE_PAGES=1 cargo test -p salesforce --test fault_pages` writes the
//! missing ones of Salesforce's. A page that is there belongs to its editors: it
//! is never overwritten. Pages of `puente.` codes are written by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use http::{HeaderMap, StatusCode};
use model::{Act, Scope, Stage};
use salesforce::faults::{Hint, ROWS, Row, login, of_answer};

/// What one variant of a code, or one refusal of the sign-in, says.
struct Part {
    heading: String,
    cause: String,
    cure: String,
    does: String,
    known: &'static str,
    who: &'static str,
    shown: Option<String>,
}

fn pages() -> BTreeMap<String, Vec<Part>> {
    let mut pages: BTreeMap<String, Vec<Part>> = BTreeMap::new();
    for row in ROWS {
        let page = pages.entry(format!("sf.{}", row.code)).or_default();
        page.push(of_row(row));
    }
    for row in login::ROWS {
        let part = of_login(row.error, row.words, row.act, row.cure);
        pages.insert(format!("sf.login.{}", row.name), vec![part]);
    }
    let lost = login::of_loss(model::Lost::BeforeWrite);
    let other = login::of_answer(StatusCode::BAD_REQUEST, br#"{"error":"unheard_of"}"#);
    for (fault, error) in [(lost, ""), (other, "of any other name")] {
        let part = of_login(error, &[], fault.act, &fault.cure);
        pages.insert(fault.code.to_string(), vec![part]);
    }
    pages
}

fn of_row(row: &Row) -> Part {
    Part {
        heading: match row.words {
            [] => "Otherwise".into(),
            words => format!("When the message holds {}", quoted(words)),
        },
        cause: row.cause.into(),
        cure: sentence(row.cure),
        does: does(row),
        known: match row.stage {
            Stage::NotSent => "nothing was written",
            Stage::Answered => "Salesforce refused; this was not written",
            Stage::Unknown | Stage::SentNotRecorded => "nobody knows whether it was written",
        },
        who: match row.act {
            _ if row.cure.contains("defect of puente") => "operations: report it",
            Act::Ask => "a Salesforce administrator",
            Act::Reject => "whoever looks after the records in Salesforce",
            Act::Retry { .. } | Act::Renew => "nobody at first; operations, if it lasts",
        },
        shown: recorded(row),
    }
}

fn does(row: &Row) -> String {
    let first = match row.hint {
        Hint::SmallerBatch => {
            "The batch is halved and written again at once; a record that fails alone is judged \
             by itself.\n\n"
        }
        Hint::ParentMissing => {
            "The record is written again half a second later, after its parent.\n\n"
        }
        Hint::Exists => {
            "Where puente was creating a record of yours, the one that the message names is taken \
             instead.\n\n"
        }
        Hint::Duplicates => {
            "A match that carries the person's own number is taken instead of a new record. Any \
             other is left to people.\n\n"
        }
        Hint::Halted => "The attempt is not counted: the record itself was not refused.\n\n",
        Hint::None | Hint::Gone | Hint::Converted => "",
    };
    let then = match (row.stage, row.act) {
        (Stage::Unknown, _) => {
            "The write is repeated, at most 20 times with pauses that grow from a second to ten \
             minutes. puente's own objects are upserted by key, and a record of yours that was \
             being created is looked up by its create key first, so nothing appears twice."
        }
        (_, Act::Retry { .. }) => {
            "It is tried again by itself, at most 20 times with pauses that grow from a second to \
             ten minutes; when the call was refused as a whole, as often as it takes, with pauses \
             of at most a minute, or as long as Salesforce asks."
        }
        (_, Act::Renew) => {
            "The sign-in is renewed and the call repeated once. If that is refused too, puente \
             looks again every half minute and drops nothing."
        }
        (_, Act::Ask) if row.scope >= Scope::Account => {
            "Writing to this org waits; puente looks again every half minute and an alert is open. \
             Webhooks are still taken, and what has piled up is written afterwards."
        }
        _ => {
            "The record is set aside with this code, which `puente trace` of its message shows; its \
             neighbours go on. One of puente's own objects is written again when something about \
             it changes."
        }
    };
    format!("{first}{then}")
}

fn of_login(error: &str, words: &[&str], act: Act, cure: &str) -> Part {
    let with = quoted(words);
    let cause = match (error, words) {
        ("", []) => "The sign-in brought no usable answer.".into(),
        ("", _) => format!("Salesforce refused the sign-in with the words {with}."),
        (error, []) => format!("Salesforce refused the sign-in with an error `{error}`."),
        (error, _) => {
            format!("Salesforce refused the sign-in with an error `{error}` and the words {with}.")
        }
    };
    let (does, who) = match act {
        Act::Retry { .. } => (
            "The sign-in is tried again by itself, with pauses.",
            "nobody at first; operations, if it lasts",
        ),
        _ => (
            "The sign-in is parked and never tried in a loop, which could lock the user out; an \
             alert is open.",
            "a Salesforce administrator",
        ),
    };
    let meanwhile = "Webhooks are still taken and kept; what has piled up is written afterwards.";
    Part {
        heading: String::new(),
        cause,
        cure: sentence(cure),
        does: format!("{does} {meanwhile}"),
        known: "nothing was written",
        who,
        shown: None,
    }
}

/// As judged from the recorded answer, where there is one.
fn recorded(row: &Row) -> Option<String> {
    let path = root().join(format!("fixtures/salesforce/errors/{}.json", row.name()));
    let text = std::fs::read_to_string(path).ok()?;
    let fixture: serde_json::Value = serde_json::from_str(&text).ok()?;
    let status = StatusCode::from_u16(fixture["status"].as_u64()? as u16).ok()?;
    let body = fixture["body"].to_string();
    let fault = of_answer(status, &HeaderMap::new(), body.as_bytes()).fault;
    (fault.code.as_str() == format!("sf.{}", row.code)).then(|| fault.to_string())
}

fn quoted(words: &[&str]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(" or ")
}

/// The tables write cures as clauses.
fn sentence(clause: &str) -> String {
    let mut chars = clause.chars();
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", chars.as_str().trim_end_matches('.'))
}

fn page(name: &str, parts: &[Part]) -> String {
    let mut text = format!("# {name}\n");
    for part in parts {
        let Part { heading, cause, cure, does, known, who, shown } = part;
        let level = if parts.len() > 1 { "###" } else { "##" };
        if parts.len() > 1 {
            text.push_str(&format!("\n## {heading}\n"));
        }
        text.push_str(&format!(
            "\n{cause}\n\n| | |\n| --- | --- |\n| told by | Salesforce |\n| known | {known} |\n\
             | who acts | {who} |\n\n{level} What puente does\n\n{does}\n\n\
             {level} What to do\n\n{cure}\n"
        ));
        if let Some(shown) = shown {
            text.push_str(&format!("\n{level} How it looks\n\n```\n{shown}\n```\n"));
        }
    }
    text
}

#[test]
fn every_fault_has_a_page_that_says_what_the_tables_say() {
    let write = std::env::var("UPDATE_PAGES").is_ok();
    for (name, parts) in pages() {
        let path = folder().join(format!("{name}.md"));
        if write && !path.exists() {
            std::fs::write(&path, page(&name, &parts)).unwrap();
        }
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| {
            panic!("{}: {e}; UPDATE_PAGES=1 writes missing pages", path.display())
        });
        assert!(text.starts_with(&format!("# {name}\n")), "{}: its title", path.display());
        for said in parts.iter().flat_map(|part| [&part.cause, &part.cure]) {
            assert!(text.contains(said), "{} must say: {said}", path.display());
        }
    }
}

/// The sources name their codes as literals, so reading them finds every one.
#[test]
fn every_code_of_ours_has_a_page_with_a_cure() {
    let codes = ours();
    assert!(codes.contains("puente.window_closed"), "the search finds nothing");
    for code in codes {
        let path = folder().join(format!("{code}.md"));
        let text = std::fs::read_to_string(&path);
        let text = text.unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let title = format!("# {code}\n");
        for said in [&title, "| who acts |", "## What puente does", "## What to do"] {
            assert!(text.contains(said), "{} must say: {said}", path.display());
        }
    }
}

#[test]
fn no_page_tells_of_a_code_that_is_gone() {
    let mut codes = ours();
    codes.extend(pages().into_keys());
    for page in std::fs::read_dir(folder()).unwrap() {
        let name = page.unwrap().file_name().into_string().unwrap();
        let code = name.trim_end_matches(".md");
        let bound = code.starts_with("sf.") || code.starts_with("puente.");
        assert!(!bound || codes.contains(code), "{name}: nothing names it any more");
    }
}

fn ours() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    collect(&root().join("crates"), &mut codes);
    codes
}

/// `"puente.<words>"` in the sources of all crates, tests and file names apart.
fn collect(folder: &Path, codes: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "tests" {
            collect(&path, codes);
        } else if name.ends_with(".rs") && name != "tests.rs" {
            let text = std::fs::read_to_string(&path).unwrap();
            for part in text.split("\"puente.").skip(1) {
                let word = part.split('"').next().unwrap_or_default();
                let plain = word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
                if plain && !["", "toml", "db", "spool"].contains(&word) {
                    codes.insert(format!("puente.{word}"));
                }
            }
        }
    }
}

fn folder() -> PathBuf {
    root().join("docs/faults")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}
