//! Files that an admin writes: read, and held against the org.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use comfy_table::{Table, presets};
use serde_json::{Value, json};

use super::api::Bridge;

pub fn read(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| file.display().to_string())
}

/// Prints each mistake with its cure; 2 when there are some. `path` is that of
/// such files.
pub async fn check(path: &str, file: &Path, bridge: &Bridge) -> anyhow::Result<ExitCode> {
    let answer = checked(path, file, bridge).await?;
    if answer["good"] == true {
        anstream::println!("{}: no mistakes", file.display());
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
    bridge.post(&format!("{path}/check"), &[], &json!({ "text": read(file)? })).await
}

/// Keeps a file as a new version and puts it to use.
pub async fn apply(path: &str, file: &Path, bridge: &Bridge) -> anyhow::Result<()> {
    let answer = bridge.post(path, &[], &json!({ "text": read(file)? })).await?;
    anstream::println!("version {} is in use", answer["version"]);
    Ok(())
}

pub async fn roll_back(path: &str, to: Option<u32>, bridge: &Bridge) -> anyhow::Result<()> {
    let body = to.map_or_else(|| json!({}), |version| json!({ "version": version }));
    let answer = bridge.post(&format!("{path}/rollback"), &[], &body).await?;
    anstream::println!("version {} is in use", answer["version"]);
    Ok(())
}

#[derive(clap::Args)]
pub struct Show {
    /// Another version than the one in use.
    #[arg(value_name = "VERSION")]
    number: Option<u32>,
    /// List the versions instead.
    #[arg(long, conflicts_with = "number")]
    list: bool,
    #[command(flatten)]
    bridge: Bridge,
}

pub async fn show(path: &str, show: Show) -> anyhow::Result<()> {
    let bridge = show.bridge;
    if let Some(version) = show.number {
        let answer = bridge.get(&format!("{path}/versions/{version}")).await?;
        anstream::print!("{}", answer["text"].as_str().unwrap_or_default());
        return Ok(());
    }
    let answer = bridge.get(path).await?;
    if !show.list {
        anstream::print!("{}", answer["text"].as_str().unwrap_or_default());
        return Ok(());
    }
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["version", "made (UTC)", "by", ""]);
    let mark = |version: &Value| if *version == answer["version"] { "in use" } else { "" };
    for made in list(&answer, "versions") {
        let word = |key: &str| made[key].as_str().unwrap_or_default();
        let version = &made["version"];
        let row = [&version.to_string(), word("made_at"), word("made_by"), mark(version)];
        table.add_row(row);
    }
    table.add_row(["0", "", "puente", mark(&json!(0))]);
    anstream::println!("{table}");
    Ok(())
}

pub fn list<'a>(answer: &'a Value, key: &str) -> &'a [Value] {
    answer[key].as_array().map(Vec::as_slice).unwrap_or_default()
}
