//! `puente dead-letters`: what ended aside, and what is done about it.

mod bulk;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Subcommand;
use comfy_table::{Table, presets};
use serde_json::{Value, json};

use super::api::Bridge;
use super::status::encoded;
use super::uncertain::told;
use bulk::Filter;

/// Everything that was set aside is in one list, whichever way it went: whole
/// webhook bodies, single events, sends that were refused for good, rows that
/// Salesforce refuses, Leads and Cases that could not be made, files that could not
/// be brought to Salesforce. Each shows its cause and its cure. Cure it, then replay.
///
/// Examples:
///   puente dead-letters list --kind send --code wa.131026
///   puente dead-letters show out_019a... > letter.json
///   puente dead-letters edit out_019a... --file message.json
///   puente dead-letters replay out_019a...
///   puente dead-letters replay --kind write --code sf.INVALID_FIELD        (counts)
///   puente dead-letters replay --kind write --code sf.INVALID_FIELD --yes  (does it)
///   puente dead-letters discard --code unclaimed --reason "not our number" --yes
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Longest waiting first.
    List {
        #[command(flatten)]
        filter: Filter,
        /// Rows at most.
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// Print the answer as JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// One letter with its content, as JSON. Needs a key with the scope admin.
    Show {
        id: String,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// Correct what a replay brings back: a send's message object, or the body of
    /// a webhook or an item, as JSON. Rows, records and files hold nothing to edit.
    Edit {
        id: String,
        /// File with the JSON object; `-` reads it from the standard input.
        #[arg(long)]
        file: PathBuf,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// Bring one back, or all that a filter means (counted first; --yes does it).
    Replay {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// End one, or all that a filter means, with a reason (counted first).
    Discard {
        #[command(flatten)]
        which: Which,
        /// Why; kept with the row.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        bridge: Bridge,
    },
}

#[derive(clap::Args)]
struct Which {
    /// One letter, as `list` shows it; a filter otherwise.
    #[arg(conflicts_with_all = ["kind", "code", "from", "until", "yes"])]
    id: Option<String>,
    #[command(flatten)]
    filter: Filter,
    /// Do it; without this the letters are only counted.
    #[arg(long)]
    yes: bool,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.what {
        What::List { filter, limit, json, bridge } => {
            let path = format!("/api/v1/dead-letters?limit={limit}{}", filter.query());
            let answer = bridge.get(&path).await?;
            if json {
                anstream::println!("{}", serde_json::to_string_pretty(&answer)?);
            } else {
                shown(&answer);
            }
        }
        What::Show { id, bridge } => {
            let answer = bridge.get(&format!("/api/v1/dead-letters/{}", encoded(&id))).await?;
            anstream::println!("{}", serde_json::to_string_pretty(&answer)?);
        }
        What::Edit { id, file, bridge } => {
            let text = match file.to_str() {
                Some("-") => std::io::read_to_string(std::io::stdin())?,
                _ => std::fs::read_to_string(&file)
                    .with_context(|| format!("--file {}", file.display()))?,
            };
            let value: Value = serde_json::from_str(&text).context("--file is not JSON")?;
            let path = format!("/api/v1/dead-letters/{}", encoded(&id));
            told(&bridge.put(&path, &correction(&id, value)).await?, "is corrected; replay it now");
        }
        What::Replay { which, bridge } => match which.id {
            Some(id) => {
                let path = format!("/api/v1/dead-letters/{}/replay", encoded(&id));
                told(&bridge.post(&path, &[], &json!({})).await?, "is brought back");
            }
            None => return bulk::run("replay", which.filter, which.yes, None, &bridge).await,
        },
        What::Discard { which, reason, bridge } => match which.id {
            Some(id) => {
                let path = format!("/api/v1/dead-letters/{}/discard", encoded(&id));
                told(&bridge.post(&path, &[], &json!({ "reason": reason })).await?, "is discarded");
            }
            None => {
                if which.filter.is_empty() {
                    bail!("give an id, or --kind, --code, --from or --until");
                }
                return bulk::run("discard", which.filter, which.yes, Some(reason), &bridge).await;
            }
        },
    }
    Ok(ExitCode::SUCCESS)
}

/// What `show` printed may be given back whole: its content is taken.
fn correction(id: &str, value: Value) -> Value {
    let part = if id.starts_with("out_") { "message" } else { "body" };
    match value.get(part) {
        Some(content) if value.get("id").is_some() && content.is_object() => {
            json!({ part: content })
        }
        _ => json!({ part: value }),
    }
}

fn shown(answer: &Value) {
    let items = answer["items"].as_array().cloned().unwrap_or_default();
    if items.is_empty() {
        anstream::println!("nothing is set aside");
        return;
    }
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["id", "kind", "since (UTC)", "code", "cause", "cure"]);
    for item in &items {
        let word = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
        table.add_row(["id", "kind", "at", "code", "cause", "cure"].map(word));
    }
    anstream::println!("{table}");
    if answer["next"].is_string() {
        anstream::println!("there are more: raise --limit, or narrow with --kind, --code, --until");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_shown_can_be_given_back_whole_or_in_part() {
        let message = json!({ "type": "text", "text": { "body": "hola" } });
        let whole = json!({ "id": "out_1", "code": "wa.1", "message": message });
        assert_eq!(correction("out_1", whole), json!({ "message": message }));
        assert_eq!(correction("out_1", message.clone()), json!({ "message": message }));
        let body = json!({ "object": "whatsapp_business_account", "entry": [] });
        assert_eq!(correction("item-1", body.clone()), json!({ "body": body }));
    }
}
