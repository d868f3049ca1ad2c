//! `puente status`.

use std::process::ExitCode;

use comfy_table::{Table, presets};
use serde_json::Value;

use super::api::Bridge;

#[derive(clap::Args)]
pub struct Args {
    /// out_..., msg_..., con_..., per_..., a wamid, a Salesforce record id, or your own reference.
    what: String,
    /// Rows at most.
    #[arg(long, default_value_t = 20)]
    limit: u32,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    bridge: Bridge,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let path = format!("/status?{}&limit={}", query(&args.what), args.limit);
    let answer = args.bridge.get(&path).await?;
    if args.json {
        anstream::println!("{}", serde_json::to_string_pretty(&answer)?);
        return Ok(ExitCode::SUCCESS);
    }
    let items = answer["items"].as_array().cloned().unwrap_or_default();
    if items.is_empty() {
        anstream::println!("nothing found for {}", args.what);
        return Ok(ExitCode::FAILURE);
    }
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["id", "direction", "type", "status", "why"]);
    for item in &items {
        let word = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
        let id = item["id"].as_str().or(item["message_id"].as_str()).unwrap_or_default().to_owned();
        table.add_row([id, word("direction"), word("type"), word("status"), why(item)]);
    }
    anstream::println!("{table}");
    Ok(ExitCode::SUCCESS)
}

fn why(item: &Value) -> String {
    let words = ["code", "detail", "cure"].iter().filter_map(|key| item[*key].as_str());
    words.collect::<Vec<_>>().join(": ")
}

/// Which question a text asks.
pub fn query(what: &str) -> String {
    let of = |key: &str| format!("{key}={}", encoded(what));
    if what.starts_with("out_") || what.starts_with("msg_") {
        of("id")
    } else if what.starts_with("con_") {
        of("conversation")
    } else if what.starts_with("per_") {
        of("person")
    } else if what.starts_with("wamid.") {
        of("wamid")
    } else if matches!(what.len(), 15 | 18) && what.bytes().all(|b| b.is_ascii_alphanumeric()) {
        of("record")
    } else {
        of("reference")
    }
}

fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes()
        .map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::query;

    #[test]
    fn a_text_finds_its_question() {
        assert_eq!(query("wamid.HB+=/"), "wamid=wamid.HB%2B%3D%2F");
        assert_eq!(query("00Q5500001QdQWaAAN"), "record=00Q5500001QdQWaAAN");
        assert_eq!(query("order 17"), "reference=order%2017");
        assert_eq!(query("out_00"), "id=out_00");
    }
}
