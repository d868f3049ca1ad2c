//! Files that an admin writes: read, and held against the org.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use serde_json::{Value, json};

use super::api::Bridge;

pub fn read(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| file.display().to_string())
}

/// Prints each mistake with its cure; 2 when there are some. `path` is where
/// such files are checked.
pub async fn check(path: &str, file: &Path, bridge: &Bridge) -> anyhow::Result<ExitCode> {
    let answer = checked(path, file, bridge).await?;
    if answer["good"] == true {
        anstream::println!("{}: the org takes it", file.display());
        return Ok(ExitCode::SUCCESS);
    }
    for complaint in list(&answer, "complaints") {
        let word = |key: &str| complaint[key].as_str().unwrap_or_default();
        let line = complaint["line"].as_u64().map(|n| format!(":{n}")).unwrap_or_default();
        anstream::println!("{}{line}: {}: {}", file.display(), word("field"), word("why"));
        anstream::println!("  cure: {}", word("cure"));
    }
    Ok(ExitCode::from(2))
}

/// Prints what a file does otherwise than the version in use.
pub async fn diff(path: &str, file: &Path, bridge: &Bridge) -> anyhow::Result<()> {
    let answer = checked(path, file, bridge).await?;
    let changes = list(&answer, "changes");
    if !list(&answer, "complaints").is_empty() {
        anstream::println!("the file has mistakes: `check` lists them");
    }
    if changes.is_empty() {
        anstream::println!("nothing is done otherwise than by version {}", answer["active"]);
    }
    for change in changes {
        anstream::println!("{}", change["field"].as_str().unwrap_or_default());
        for (sign, key) in [("-", "before"), ("+", "after")] {
            for entry in list(change, key) {
                anstream::println!("  {sign} {}", entry.as_str().unwrap_or_default());
            }
        }
    }
    Ok(())
}

async fn checked(path: &str, file: &Path, bridge: &Bridge) -> anyhow::Result<Value> {
    bridge.post(path, &[], &json!({ "text": read(file)? })).await
}

pub fn list<'a>(answer: &'a Value, key: &str) -> &'a [Value] {
    answer[key].as_array().map(Vec::as_slice).unwrap_or_default()
}
