//! Recorded JSON in, one line per item out. A new case is a file under
//! `fixtures/whatsapp` and a line in a table here.

mod alone;
mod faults;
mod fields;
mod inbound;
mod keys;
mod properties;
mod sends;
mod statuses;
mod summary;

use std::collections::BTreeSet;
use std::path::PathBuf;

pub fn fixture(path: &str) -> Vec<u8> {
    let full = folder("").join(path);
    std::fs::read(&full).unwrap_or_else(|err| panic!("{}: {err}", full.display()))
}

pub fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/whatsapp").join(name)
}

/// Every fixture of `name`, without folder and extension.
pub fn names(name: &str) -> BTreeSet<String> {
    let files = std::fs::read_dir(folder(name)).expect("the fixtures are in the repository");
    let stem = |path: PathBuf| path.file_stem().map(|s| s.to_string_lossy().into_owned());
    files.filter_map(|file| stem(file.ok()?.path())).collect()
}

/// Splits each fixture of a folder and compares the summaries of its items.
/// Every file has its entry and every entry its file.
pub fn check_folder(name: &str, table: &[(&str, &[&str])]) {
    let listed: BTreeSet<String> = table.iter().map(|(stem, _)| (*stem).to_owned()).collect();
    assert_eq!(listed, names(name), "files and entries differ");
    let mut wrong = Vec::new();
    for (stem, want) in table {
        let items = whatsapp::wire::webhook::split(&fixture(&format!("{name}/{stem}.json")));
        let found: Vec<String> = items.expect(stem).iter().map(summary::of).collect();
        if found != *want {
            wrong.push(format!("(\"{stem}\", &{found:#?}),"));
        }
    }
    assert!(wrong.is_empty(), "found instead:\n{}", wrong.join("\n"));
}
