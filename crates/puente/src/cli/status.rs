//! `puente status`.

use std::process::ExitCode;

use comfy_table::{Table, presets};
use serde_json::{Value, json};

use super::api::Bridge;

#[derive(clap::Args)]
pub struct Args {
    /// out_..., msg_..., con_..., per_..., a wamid, a Salesforce record id, or your own reference.
    ///
    /// Left out: how much waits in each queue, since when, and for how long; how many API calls
    /// of the Salesforce org are used, and what that slows.
    what: Option<String>,
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
    let Some(what) = &args.what else {
        return standing(&args).await;
    };
    let path = format!("/status?{}&limit={}", query(what), args.limit);
    let answer = args.bridge.get(&path).await?;
    if args.json {
        anstream::println!("{}", serde_json::to_string_pretty(&answer)?);
        return Ok(ExitCode::SUCCESS);
    }
    let items = answer["items"].as_array().cloned().unwrap_or_default();
    if items.is_empty() {
        anstream::println!("nothing found for {what}");
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

/// The queues, and the org's API calls.
async fn standing(args: &Args) -> anyhow::Result<ExitCode> {
    let queues = args.bridge.get("/api/v1/queues").await?;
    let budget = args.bridge.get("/api/v1/budget").await?;
    if args.json {
        let both = json!({ "queues": queues["items"], "budget": budget });
        anstream::println!("{}", serde_json::to_string_pretty(&both)?);
        return Ok(ExitCode::SUCCESS);
    }
    anstream::println!("{}", waiting(&queues));
    anstream::println!("{}", told(&budget));
    Ok(ExitCode::SUCCESS)
}

fn waiting(queues: &Value) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["queue", "waiting", "oldest", "empty in", "bulk jobs"]);
    for queue in queues["items"].as_array().into_iter().flatten() {
        let seconds = |key: &str| queue[key].as_u64().map(span);
        table.add_row([
            queue["name"].as_str().unwrap_or_default().to_owned(),
            queue["length"].to_string(),
            seconds("oldest_age_seconds").unwrap_or_default(),
            seconds("drains_in_seconds").unwrap_or_else(|| "not in sight".into()),
            queue["bulk_jobs"].to_string(),
        ]);
    }
    table
}

/// `40 s`, `12 min`, `3 h 05 min`
fn span(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        _ => format!("{} h {:02} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

fn told(budget: &Value) -> String {
    let lanes = |key: &str| {
        let lanes = budget[key].as_array().into_iter().flatten();
        lanes.filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
    };
    let mut lines = Vec::new();
    match (&budget["used"], &budget["max"], &budget["ceiling"]) {
        (Value::Null, _, _) => lines.push("API calls: not called yet".to_owned()),
        (used, max, ceiling) => lines.push(format!(
            "API calls: {used} of the ceiling of {ceiling} are used; the org allows {max} in 24 hours"
        )),
    }
    if let Some(at) = budget["exhausted_at"].as_str() {
        lines.push(format!("at this pace the ceiling is reached at {at}"));
    }
    for (key, what) in [("slowed", "slowed"), ("waiting", "waiting for earlier calls to run out")] {
        let lanes = lanes(key);
        if !lanes.is_empty() {
            lines.push(format!("{what}: {lanes}"));
        }
    }
    if let Some(each) = budget["calls_per_message"].as_f64() {
        lines.push(format!("calls for each message, of 24 hours: {each:.3}"));
    }
    lines.join("\n")
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

pub fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes()
        .map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{query, span, told};

    #[test]
    fn spans_are_short() {
        assert_eq!([0, 119, 600, 11_100].map(span), ["0 s", "119 s", "10 min", "3 h 05 min"]);
    }

    #[test]
    fn a_text_finds_its_question() {
        assert_eq!(query("wamid.HB+=/"), "wamid=wamid.HB%2B%3D%2F");
        assert_eq!(query("00Q5500001QdQWaAAN"), "record=00Q5500001QdQWaAAN");
        assert_eq!(query("order 17"), "reference=order%2017");
        assert_eq!(query("out_00"), "id=out_00");
    }

    #[test]
    fn a_budget_is_told_in_lines() {
        let budget = json!({
            "used": 700, "max": 1000, "ceiling": 800, "exhausted_at": "2026-01-02T16:40:00.000Z",
            "slowed": ["automatic", "live"], "waiting": ["status"], "calls_per_message": 0.0512,
        });
        let lines = told(&budget);
        for part in [
            "700 of the ceiling of 800",
            "allows 1000",
            "16:40",
            "slowed: automatic, live",
            "waiting for earlier calls to run out: status",
            "0.051",
        ] {
            assert!(lines.contains(part), "{part}: {lines}");
        }
        let new = json!({ "slowed": [], "waiting": [], "calls": {}, "messages": 0 });
        assert_eq!(told(&new), "API calls: not called yet");
    }
}
