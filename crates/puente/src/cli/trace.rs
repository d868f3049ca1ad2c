//! `puente trace`.

use std::process::ExitCode;

use comfy_table::{Table, presets};
use jiff::Timestamp;

use super::api::Bridge;

#[derive(clap::Args)]
pub struct Args {
    /// A wamid, out_... or msg_...
    message: String,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    bridge: Bridge,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let path = format!("/api/v1/trace?{}", super::status::query(&args.message));
    let answer = args.bridge.get(&path).await?;
    if args.json {
        anstream::println!("{}", serde_json::to_string_pretty(&answer)?);
        return Ok(ExitCode::SUCCESS);
    }
    let traces = answer["items"].as_array().cloned().unwrap_or_default();
    if traces.is_empty() {
        anstream::println!("no message {}", args.message);
        return Ok(ExitCode::FAILURE);
    }
    for trace in &traces {
        let word = |key: &str| trace[key].as_str().unwrap_or_default();
        anstream::println!("{} {} {}", word("message_id"), word("direction"), word("wamid"));
        let mut table = Table::new();
        table.load_style(presets::UTF8_HORIZONTAL_ONLY);
        table.set_header(["time (UTC)", "after", "step", "detail"]);
        let mut before = None;
        for step in trace["steps"].as_array().into_iter().flatten() {
            let at = time(&step["at"]);
            let after = before.zip(at).map(|(a, b)| format!("+{} ms", b - a)).unwrap_or_default();
            before = at.or(before);
            let word = |key: &str| step[key].as_str().unwrap_or_default().to_owned();
            table.add_row([shown(at), after, word("what"), word("detail")]);
        }
        anstream::println!("{table}");
    }
    Ok(ExitCode::SUCCESS)
}

fn time(value: &serde_json::Value) -> Option<i64> {
    let text = || Some(value.as_str()?.parse::<Timestamp>().ok()?.as_millisecond());
    value.as_i64().or_else(text)
}

fn shown(at: Option<i64>) -> String {
    let at = at.and_then(|ms| Timestamp::from_millisecond(ms).ok());
    at.map(|t| t.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string()).unwrap_or_default()
}
