//! `puente uncertain`: sends about which nobody knows whether Meta has them.

use std::process::ExitCode;

use clap::Subcommand;
use comfy_table::{Table, presets};
use serde_json::{Value, json};

use super::api::Bridge;
use super::status::encoded;

/// Meta has no key by which a repeated send is recognised. When the answer to
/// one is lost, its status settles it, in nearly all cases within seconds; after
/// two minutes without one, a person decides here. Sent again, the customer may
/// get it twice; given up, not at all. A rule for a template ([[tenant.uncertain]]
/// in the configuration) decides by itself.
///
/// Examples:
///   puente uncertain list
///   puente uncertain resend out_019a...
///   puente uncertain drop out_019a... --reason "the customer was called"
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Those that wait for a decision first.
    List {
        /// Rows at most.
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// Print the answer as JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// Send one once more, at the end of its lane.
    Resend {
        /// out_..., as `list` shows it.
        id: String,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// Give one up: it ends as failed, with the reason.
    Drop {
        /// out_..., as `list` shows it.
        id: String,
        /// Why; kept with the send.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        bridge: Bridge,
    },
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.what {
        What::List { limit, json, bridge } => {
            let answer = bridge.get(&format!("/api/v1/uncertain-sends?limit={limit}")).await?;
            if json {
                anstream::println!("{}", serde_json::to_string_pretty(&answer)?);
            } else {
                shown(&answer);
            }
        }
        What::Resend { id, bridge } => {
            let path = format!("/api/v1/uncertain-sends/{}/resend", encoded(&id));
            told(&bridge.post(&path, &[], &json!({})).await?, "is queued again");
        }
        What::Drop { id, reason, bridge } => {
            let path = format!("/api/v1/uncertain-sends/{}/drop", encoded(&id));
            told(&bridge.post(&path, &[], &json!({ "reason": reason })).await?, "is given up");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn shown(answer: &Value) {
    let items = answer["items"].as_array().cloned().unwrap_or_default();
    if items.is_empty() {
        anstream::println!("nothing is uncertain");
        return;
    }
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["id", "since (UTC)", "state", "calls", "why", "choices"]);
    for item in &items {
        let word = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
        let choices: Vec<_> =
            item["choices"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let calls = item["attempts"].to_string();
        let why = format!("{} {}", word("code"), word("cause"));
        table.add_row([
            word("id"),
            word("created_at"),
            word("state"),
            calls,
            why,
            choices.join(", "),
        ]);
    }
    anstream::println!("{table}");
}

/// What was done, or that it had been settled.
pub fn told(answer: &Value, done: &str) {
    let id = answer["id"].as_str().unwrap_or_default();
    match answer["outcome"].as_str() {
        Some("done") => anstream::println!("{id} {done}"),
        _ => anstream::println!("{id} waits for nobody any more; nothing was done"),
    }
}
